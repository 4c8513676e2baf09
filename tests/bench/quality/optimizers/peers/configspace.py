"""The search space in ConfigSpace's terms, for the originals that use it. It knows conditions and normal distributions;
steps become integers (see flat.py). Categories are told apart by their index."""
import ConfigSpace
from ConfigSpace.conditions import InCondition

from quality import space

from . import flat


def hyperparameter(parameter, flattened, normal):
    name, d, low, high, log = parameter.name, parameter.dimension, flattened.low, flattened.high, flattened.log
    if flattened.kind == "category":
        return ConfigSpace.CategoricalHyperparameter(name, [str(i) for i in range(len(flattened.categories))])
    if flattened.kind == "integer":
        return ConfigSpace.UniformIntegerHyperparameter(name, int(low), int(high), log=log)
    if normal and parameter.method == "normal":
        return ConfigSpace.NormalFloatHyperparameter(name, d["mu"], d["sigma"], lower=low, upper=high)
    return ConfigSpace.UniformFloatHyperparameter(name, low, high, log=log)


class Translation:
    """`normal`: whether normal distributions are kept."""

    def __init__(self, search_space, seed, normal):
        self.parameters = {parameter.name: parameter for parameter in space.parameters(search_space)}
        self.flat = {parameter.name: parameter for parameter in flat.flatten(search_space)}
        self.space = ConfigSpace.ConfigurationSpace(seed=seed)
        nodes = {name: hyperparameter(parameter, self.flat[name], normal)
                 for name, parameter in self.parameters.items()}
        add = getattr(self.space, "add_hyperparameters", None) or (lambda items: self.space.add(*items))
        add(list(nodes.values()))
        for name, parameter in self.parameters.items():
            conditions = [InCondition(nodes[name], nodes[other], [self.inner(other, value) for value in values])
                          for other, values in parameter.condition.items()]
            if conditions:
                joined = conditions[0] if len(conditions) == 1 else ConfigSpace.AndConjunction(*conditions)
                (getattr(self.space, "add_condition", None) or self.space.add)(joined)

    def inner(self, name, value):
        parameter = self.flat[name]
        return str(parameter.categories.index(value)) if parameter.kind == "category" else parameter.inner(value)

    def outer(self, values):
        return {name: self.flat[name].categories[int(value)] if self.flat[name].kind == "category"
                else self.flat[name].outer(value) for name, value in values.items()}

    def inner_all(self, configuration):
        return {name: self.inner(name, value) for name, value in configuration.items()}
