"""scikit-optimize's Optimizer by ask and tell. The space is flattened (see flat.py). Pending points are unknown to
it, as in Ray Tune; a failed trial gets the worst score so far."""
import numpy
import skopt
from skopt.space import Categorical, Integer, Real

from quality import space

from . import flat

# scikit-optimize 0.10 writes names that numpy has dropped.
for name, kind in (("int", int), ("float", float), ("bool", bool)):
    if not hasattr(numpy, name):
        setattr(numpy, name, kind)

ESTIMATORS = {"gp": "GP", "forest": "RF"}


def dimension(parameter):
    prior = "log-uniform" if parameter.log else "uniform"
    if parameter.kind == "category":
        return Categorical(list(range(len(parameter.categories))), name=parameter.name)
    if parameter.kind == "integer":
        return Integer(int(parameter.low), int(parameter.high), prior=prior, name=parameter.name)
    return Real(parameter.low, parameter.high, prior=prior, name=parameter.name)


class Skopt:
    """Categories are told apart by their index, because some are no strings."""

    def __init__(self, search_space, seed, estimator, options):
        self.search_space = search_space
        self.flat = flat.flatten(search_space)
        self.penalty = flat.Penalty()
        self.optimizer = skopt.Optimizer([dimension(parameter) for parameter in self.flat], random_state=seed,
                                         **{"base_estimator": estimator, **options})

    def ask(self):
        point = self.optimizer.ask()
        configuration = {}
        for parameter, value in zip(self.flat, point):
            configuration[parameter.name] = (parameter.categories[int(value)] if parameter.kind == "category"
                                             else parameter.outer(value))
        return configuration, point

    def tell(self, handle, configuration, score):
        score = self.penalty.score(score)
        if score is not None:
            self.optimizer.tell(handle, score)

    def add(self, history):
        points = []
        for configuration, _ in history:
            full = space.completed(self.search_space, configuration)
            points.append([parameter.categories.index(full[parameter.name]) if parameter.kind == "category"
                           else parameter.inner(full[parameter.name]) for parameter in self.flat])
        self.optimizer.tell(points, [score for _, score in history])


def make(algorithm, search_space, parameters, seed, trials, workers):
    return Skopt(search_space, seed, ESTIMATORS[algorithm], parameters)
