"""HEBO by suggest and observe. The space is flattened (see flat.py); pending points are unknown to it; a failed trial
gets the worst score so far."""
import numpy
import pandas
from hebo.design_space.design_space import DesignSpace
from hebo.optimizers.hebo import HEBO

from quality import space

from . import flat


def dimension(parameter):
    if parameter.kind == "category":
        return {"name": parameter.name, "type": "cat", "categories": list(range(len(parameter.categories)))}
    bounds = {"lb": parameter.low, "ub": parameter.high}
    kinds = {("real", False): "num", ("real", True): "pow", ("integer", False): "int", ("integer", True): "pow_int"}
    kind = kinds[parameter.kind, parameter.log]
    return {"name": parameter.name, "type": kind, **bounds, **({"base": 10} if parameter.log else {})}


class Hebo:
    def __init__(self, search_space, seed):
        self.search_space = search_space
        self.flat = {parameter.name: parameter for parameter in flat.flatten(search_space)}
        self.penalty = flat.Penalty()
        design = DesignSpace().parse([dimension(parameter) for parameter in self.flat.values()])
        self.optimizer = HEBO(design, scramble_seed=seed)

    def ask(self):
        frame = self.optimizer.suggest(n_suggestions=1)
        row = frame.iloc[0].to_dict()
        return {name: self.flat[name].categories[int(value)] if self.flat[name].kind == "category"
                else self.flat[name].outer(value) for name, value in row.items()}, frame

    def tell(self, handle, configuration, score):
        score = self.penalty.score(score)
        if score is not None:
            self.optimizer.observe(handle, numpy.array([[score]]))

    def add(self, history):
        rows = []
        for configuration, _ in history:
            full = space.completed(self.search_space, configuration)
            rows.append({name: parameter.categories.index(full[name]) if parameter.kind == "category"
                         else parameter.inner(full[name]) for name, parameter in self.flat.items()})
        self.optimizer.observe(pandas.DataFrame(rows), numpy.array([[score] for _, score in history]))


def make(algorithm, search_space, parameters, seed, trials, workers):
    return Hebo(search_space, seed)
