"""Noise, failures, and reports on the way."""
import math

from ..task import Outcome, stream, synthetic, wobble
from . import shapes
from .continuous import numbered
from .landscape import Landscape, choice, integer, logarithmic, steps, uniform


def noisy(name, space, score, spread):
    """Gaussian noise on what the optimiser sees, the same for all optimisers at the same trial number."""
    def instance(seed):
        land = Landscape(name, space, seed)

        def evaluate(configuration, trial):
            value = score(land, configuration)
            return Outcome(value + spread * stream("noise", name, seed, trial).gauss(0, 1), value, wobble(seed, trial))
        return evaluate
    return synthetic(name, space, instance)


def failing(name, space, score, fails):
    def instance(seed):
        land = Landscape(name, space, seed)

        def evaluate(configuration, trial):
            if fails(land, configuration):
                return Outcome(None, None, 0.3 * wobble(seed, trial))
            value = score(land, configuration)
            return Outcome(value, value, wobble(seed, trial))
        return evaluate
    return synthetic(name, space, instance)


def noisy_hartmann():
    return noisy("noisy_hartmann6", numbered(6, uniform(0, 1)),
                 lambda land, point: shapes.hartmann6(land.offsets(point)), 0.2)


def noisy_mixed():
    space = {"lr": logarithmic(1e-5, 1), "decay": logarithmic(1e-6, 1e-1), "depth": integer(1, 10),
             "rate": steps(0, 1, 0.1), "c": choice("a", "b", "c", "d")}
    return noisy("noisy_mixed5", space,
                 lambda land, point: 3 * shapes.sphere(land.offsets(point)) + 0.5 * land.total_cost(point), 0.1)


def failing_corner():
    """Everything beyond a plane close to the optimum fails, as too high a learning rate in too deep a network does."""
    space = {"lr": logarithmic(1e-5, 1), "depth": integer(1, 12), "width": logarithmic(8, 2048),
             "momentum": uniform(0, 1)}
    return failing("failing_corner4", space, lambda land, point: shapes.ellipsoid(land.offsets(point)),
                   lambda land, point: sum(land.offsets(point, {"lr", "depth", "width"})) > 0.15)


def failing_category():
    """One category fails wherever a number is high; the best one does not."""
    space = {**numbered(3, uniform(-3, 3)), "n": integer(0, 30), "solver": choice("a", "b", "c", "d")}

    def fails(land, point):
        return land.cost(point, "solver") == max(land.costs["solver"]) or (
            land.cost(point, "solver") > 0 and land.offsets(point, {"n"})[0] > 0)
    return failing("failing_category5", space, lambda land, point:
                   shapes.griewank(land.offsets(point)) + land.total_cost(point), fails)


def learning_curves():
    """Eight reports on the way to the final score; curves of good points fall for longer, and cross those of others."""
    name = "learning_curves5"
    space = {"lr": logarithmic(1e-5, 1), "units": integer(4, 256), "decay": logarithmic(1e-6, 1e-1),
             "dropout": uniform(0, 0.8), "optimizer": choice("sgd", "adam")}

    def instance(seed):
        land = Landscape(name, space, seed)

        def evaluate(configuration, trial):
            end = 3 * shapes.sphere(land.offsets(configuration)) + 0.3 * land.total_cost(configuration)
            rate = 0.3 + 2.0 * (land.offsets(configuration, {"lr"})[0] + 0.85)
            curve = tuple(end + math.exp(-rate * epoch / 2) for epoch in range(1, 9))
            return Outcome(end, end, (0.5 + configuration["units"] / 256) * wobble(seed, trial), curve)
        return evaluate
    return synthetic(name, space, instance)


def tasks():
    return [noisy_hartmann(), noisy_mixed(), failing_corner(), failing_category(), learning_curves()]
