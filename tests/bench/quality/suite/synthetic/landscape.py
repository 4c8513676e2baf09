"""Where the optimum of an instance lies, and how far a configuration is from it."""
import math

from ... import space
from ..task import Outcome, stream, wobble


def unit(parameter, value):
    """Position of a number in its range, 0 to 1; on the scale of its logarithm where the method has one. Normal
    distributions reach from -2 to 2 sigma."""
    d = parameter.dimension
    if parameter.method in ("uniform", "quniform", "uniformint"):
        return (value - d["low"]) / (d["high"] - d["low"])
    if parameter.method in ("loguniform", "qloguniform"):
        return math.log(max(value, 1e-300) / d["low"]) / math.log(d["high"] / d["low"])
    if parameter.method in ("lognormal", "qlognormal"):
        value = math.log(max(value, 1e-3)) / math.log(d.get("base", math.e))
    return 0.5 + (value - d["mu"]) / (4 * d["sigma"])


class Landscape:
    """One instance: for each number a best value that the space allows, for each categorical parameter a cost of each
    category, 0 for the best."""

    def __init__(self, name, search_space, seed):
        rng = stream("landscape", name, seed)
        self.parameters = space.parameters(search_space)
        self.best, self.costs = {}, {}
        for parameter in self.parameters:
            if parameter.method == "categorical":
                count = len(parameter.dimension["categories"])
                costs = [0.0, *sorted(rng.uniform(0.3, 1.0) for _ in range(count - 1))]
                rng.shuffle(costs)
                self.costs[parameter.name] = costs
            else:
                self.best[parameter.name] = parameter.at(rng.uniform(0.15, 0.85))

    def offsets(self, configuration, names=None):
        """z of every active number, or of these."""
        return [unit(parameter, configuration[parameter.name]) - unit(parameter, self.best[parameter.name])
                for parameter in self.parameters
                if parameter.name in self.best and parameter.name in configuration
                and (names is None or parameter.name in names)]

    def cost(self, configuration, name):
        parameter = next(p for p in self.parameters if p.name == name)
        return self.costs[name][index_of(parameter.dimension["categories"], configuration[name])]

    def total_cost(self, configuration):
        return sum(self.cost(configuration, name) for name in self.costs if name in configuration)


def index_of(categories, value):
    """Exact types first: True is not 1."""
    return next(i for i, category in enumerate(categories) if category == value and type(category) is type(value))


def exact(name, search_space, score):
    """An instance maker for `score(landscape, configuration)` without noise and failures."""
    def instance(seed):
        landscape = Landscape(name, search_space, seed)

        def evaluate(configuration, trial):
            value = score(landscape, configuration)
            return Outcome(value, value, wobble(seed, trial))
        return evaluate
    return instance


# Parameters in the user's format, in short.
def uniform(low, high):
    return {"method": "uniform", "dimension": {"low": low, "high": high}}


def integer(low, high):
    return {"method": "uniformint", "dimension": {"low": low, "high": high}}


def steps(low, high, q):
    return {"method": "quniform", "dimension": {"low": low, "high": high, "q": q}}


def logarithmic(low, high):
    return {"method": "loguniform", "dimension": {"low": low, "high": high}}


def logarithmic_steps(low, high, q):
    return {"method": "qloguniform", "dimension": {"low": low, "high": high, "q": q}}


def choice(*categories):
    return {"method": "categorical", "dimension": {"categories": list(categories)}}


def only_if(definition, **condition):
    return {**definition, "condition": condition}
