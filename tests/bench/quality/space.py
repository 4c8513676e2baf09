"""The user's search space format in Python: parameters, conditions, random draws. Standard library only, because the
peers' environments import it, too. The meaning is that of engine/space and of engine/config/REFERENCE.md."""
import dataclasses
import math
import random
import statistics


@dataclasses.dataclass(frozen=True)
class Parameter:
    name: str
    method: str
    dimension: dict
    condition: dict  # {other parameter: [values]}; all must hold

    def is_active(self, configuration):
        """Whether the conditions hold; the parameters that they name are in `configuration` if they are active."""
        return all(other in configuration and configuration[other] in values
                   for other, values in self.condition.items())

    def at(self, unit):
        """The value at this quantile of the sampling method."""
        return QUANTILES[self.method](self.dimension, unit)


def parameters(search_space):
    """In an order in which conditions only name earlier ones."""
    waiting = [Parameter(name, entry["method"], entry["dimension"], entry.get("condition", {}))
               for name, entry in search_space.items()]
    ordered, placed = [], set()
    while waiting:
        ready = [parameter for parameter in waiting if set(parameter.condition) <= placed]
        if not ready:
            raise ValueError(f"conditions of {[parameter.name for parameter in waiting]} form a circle")
        ordered += ready
        placed |= {parameter.name for parameter in ready}
        waiting = [parameter for parameter in waiting if parameter.name not in placed]
    return ordered


def active_part(search_space, configuration):
    """What is left of a configuration without the parameters whose conditions do not hold."""
    kept = {}
    for parameter in parameters(search_space):
        if parameter.name in configuration and parameter.is_active(kept):
            kept[parameter.name] = configuration[parameter.name]
    return kept


def completed(search_space, configuration):
    """The configuration with every parameter set: inactive ones at the middle of their distribution."""
    return {parameter.name: configuration.get(parameter.name, parameter.at(0.5))
            for parameter in parameters(search_space)}


def sample(search_space, rng):
    """An independent draw. `rng`: random.Random."""
    return active_part(search_space,
                       {parameter.name: parameter.at(rng.random()) for parameter in parameters(search_space)})


def samples(search_space, count, seed):
    rng = random.Random(seed)
    return [sample(search_space, rng) for _ in range(count)]


def multiple(value, q):
    """The nearest multiple of q, without the dust of binary fractions; an integer if q is one."""
    steps = round(value / q)
    return steps * q if isinstance(q, int) else float(f"{steps * q:.12g}")


def _uniform(d, u):
    return d["low"] + u * (d["high"] - d["low"])


def _uniformint(d, u):
    return min(d["high"], d["low"] + int(u * (d["high"] - d["low"] + 1)))


def _loguniform(d, u):
    return min(d["high"], max(d["low"], math.exp(math.log(d["low"]) + u * math.log(d["high"] / d["low"]))))


def _normal(d, u):
    return statistics.NormalDist(d["mu"], d["sigma"]).inv_cdf(min(max(u, 1e-12), 1 - 1e-12))


def _lognormal(d, u):
    return d.get("base", math.e) ** _normal(d, u)


def _categorical(d, u):
    return d["categories"][min(len(d["categories"]) - 1, int(u * len(d["categories"])))]


QUANTILES = {
    "categorical": _categorical,
    "uniform": _uniform,
    "uniformint": _uniformint,
    "quniform": lambda d, u: multiple(_uniform(d, u), d["q"]),
    "loguniform": _loguniform,
    "qloguniform": lambda d, u: multiple(_loguniform(d, u), d["q"]),
    "normal": _normal,
    "qnormal": lambda d, u: multiple(_normal(d, u), d["q"]),
    "lognormal": _lognormal,
    "qlognormal": lambda d, u: multiple(_lognormal(d, u), d["q"]),
    "fixed": lambda d, u: d["value"],
}
