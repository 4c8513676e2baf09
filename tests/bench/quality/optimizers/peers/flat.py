"""A search space as originals see it that know neither conditions nor normal distributions nor steps: what their
users do.

- conditions are dropped: all parameters are always there, inactive ones are ignored;
- normal distributions become a range of 3 sigma to each side of the mean, log-normal ones the same on a logarithmic
  scale;
- steps of q become integers that are multiplied by q.
"""
import dataclasses
import math

from quality import space


@dataclasses.dataclass(frozen=True)
class Flat:
    """`kind`: "real", "integer" or "category". The optimiser's value of an integer with steps is value / q."""
    name: str
    kind: str
    low: float = 0.0
    high: float = 0.0
    log: bool = False
    categories: tuple = ()
    q: float = None

    def outer(self, inner):
        """The configuration's value of the optimiser's value."""
        if self.kind == "category":
            return inner
        if self.kind == "integer":
            value = int(round(float(inner)))
            return value if self.q is None else space.multiple(value * self.q, self.q)
        return min(self.high, max(self.low, float(inner)))

    def inner(self, outer):
        if self.kind == "integer":
            return int(round(outer / (self.q or 1)))
        return outer


def flatten(search_space):
    return [flat(parameter) for parameter in space.parameters(search_space)]


def flat(parameter):
    name, method, d = parameter.name, parameter.method, parameter.dimension
    if method in ("categorical", "fixed"):
        return Flat(name, "category", categories=tuple(d.get("categories", [d.get("value")])))
    if method == "uniformint":
        return Flat(name, "integer", d["low"], d["high"])
    low, high = range_of(method, d)
    log = "log" in method
    if not method.startswith("q"):
        return Flat(name, "real", low, high, log)
    low, high = round(low / d["q"]), round(high / d["q"])
    return Flat(name, "integer", max(low, 1) if log else low, high, log, q=d["q"])


def range_of(method, d):
    if "normal" not in method:
        return d["low"], d["high"]
    low, high = d["mu"] - 3 * d["sigma"], d["mu"] + 3 * d["sigma"]
    if "log" in method:
        base = d.get("base", math.e)
        low, high = base ** low, base ** high
    return low, high


class Penalty:
    """Stands for a failed trial with originals that know no failures: the worst score so far, or nothing yet."""

    def __init__(self):
        self.worst = None

    def score(self, score):
        """None if there is nothing to tell: a failure before any success."""
        if score is not None:
            self.worst = score if self.worst is None else max(self.worst, score)
        return self.worst if score is None else score
