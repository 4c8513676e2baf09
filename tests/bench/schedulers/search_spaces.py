"""What time_to_accuracy.py searches: one hyperparameter, where each point tells much about its neighbours, or five, of
which most combinations learn badly, as with any network that somebody tunes in earnest."""
import dataclasses
import math
import random

RATE = {"lr": ("loguniform", 1e-4, 0.1)}
NETWORK = {"lr": ("loguniform", 1e-4, 1.0), "momentum": ("uniform", 0.0, 0.99),
           "weight_decay": ("loguniform", 1e-6, 0.1), "hidden": ("qloguniform", 8, 256),
           "batch_size": ("qloguniform", 16, 512)}
CHANGEABLE = ("lr", "momentum", "weight_decay")  # while a trial trains


@dataclasses.dataclass(frozen=True)
class SearchSpace:
    axes: dict  # name: (method, low, high)

    def project(self):
        return {name: {"method": method, "dimension": {"low": low, "high": high, **whole(method)}}
                for name, (method, low, high) in self.axes.items()}

    def mutations(self):
        """What `pbt` may change; each has Ray's function of the same name."""
        return {name: axis for name, axis in self.axes.items() if name in CHANGEABLE}

    def points(self, seed, count):
        draw = random.Random(seed)
        return [{name: value_of(draw, *axis) for name, axis in self.axes.items()} for _ in range(count)]


def whole(method):
    return {"q": 1} if method == "qloguniform" else {}


def value_of(draw, method, low, high):
    if method == "uniform":
        return draw.uniform(low, high)
    value = math.exp(draw.uniform(math.log(low), math.log(high)))
    return round(value) if whole(method) else value


SPACES = {"rate": SearchSpace(RATE), "network": SearchSpace(NETWORK)}
