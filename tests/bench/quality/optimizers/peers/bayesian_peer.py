"""bayes_opt by suggest and register, with random starts as Ray Tune's BayesOptSearch makes them (10).

It knows real numbers alone: logarithms are taken beforehand, integers and steps are rounded, categories are one
number each that is rounded to an index, as its users write it. Pending points are unknown to it; a failed trial gets
the worst score so far. What it is told is the point before rounding.
"""
import math

import numpy
from bayes_opt import BayesianOptimization, acquisition

from quality import space

from . import flat

RANDOM_STARTS = 10


def bounds(parameter):
    if parameter.kind == "category":
        return 0.0, len(parameter.categories) - 1e-9
    half = 0.5 - 1e-9 if parameter.kind == "integer" else 0.0
    low, high = parameter.low - half, parameter.high + half
    return (math.log(low), math.log(high)) if parameter.log else (low, high)


def outer(parameter, value):
    if parameter.kind == "category":
        return parameter.categories[int(value)]
    return parameter.outer(math.exp(value) if parameter.log else value)


def inner(parameter, value):
    if parameter.kind == "category":
        return parameter.categories.index(value) + 0.5
    value = parameter.inner(value)
    return math.log(value) if parameter.log else float(value)


class Bayesian:
    def __init__(self, search_space, seed, kappa=2.576, random_starts=RANDOM_STARTS):
        self.search_space = search_space
        self.flat = {parameter.name: parameter for parameter in flat.flatten(search_space)}
        self.penalty = flat.Penalty()
        self.rng = numpy.random.default_rng(seed)
        self.starts = random_starts
        self.optimizer = BayesianOptimization(
            f=None, pbounds={name: bounds(parameter) for name, parameter in self.flat.items()}, random_state=seed,
            acquisition_function=acquisition.UpperConfidenceBound(kappa=kappa), verbose=0, allow_duplicate_points=True)

    def ask(self):
        if self.starts > 0 or len(self.optimizer.space) == 0:
            self.starts -= 1
            point = {name: self.rng.uniform(*bounds(parameter)) for name, parameter in self.flat.items()}
        else:
            point = self.optimizer.suggest()
        return {name: outer(self.flat[name], value) for name, value in point.items()}, point

    def tell(self, handle, configuration, score):
        score = self.penalty.score(score)
        if score is not None:
            self.optimizer.register(handle, -score)

    def add(self, history):
        self.starts = 0
        for configuration, score in history:
            full = space.completed(self.search_space, configuration)
            self.optimizer.register({name: inner(self.flat[name], value) for name, value in full.items()}, -score)


def make(algorithm, search_space, parameters, seed, trials, workers):
    return Bayesian(search_space, seed, **parameters)
