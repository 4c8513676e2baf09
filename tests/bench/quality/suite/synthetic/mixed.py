"""Numbers with integers, steps and categories."""
import itertools

from ..task import Outcome, stream, synthetic, wobble
from . import shapes
from .landscape import choice, exact, index_of, integer, logarithmic, logarithmic_steps, steps, uniform
from .continuous import numbered


def ackley_mixed():
    name = "ackley_mixed8"
    space = {**numbered(4, uniform(0, 1)), "n0": integer(0, 20), "n1": integer(1, 12),
             "c0": choice("a", "b", "c"), "c1": choice(True, False)}
    return synthetic(name, space, exact(
        name, space, lambda land, point: shapes.ackley(land.offsets(point)) + 4 * land.total_cost(point)))


def rastrigin_steps():
    name = "rastrigin_steps6"
    space = {**numbered(3, steps(0, 1, 0.05)), "n0": integer(-10, 10), "n1": integer(0, 100), "n2": integer(1, 5)}
    return synthetic(name, space, exact(
        name, space, lambda land, point: shapes.rastrigin(land.offsets(point))))


def levy_quantised():
    name = "levy_quantised6"
    space = {"a": steps(-2, 2, 0.1), "b": logarithmic_steps(8, 1024, 8), "c": logarithmic(1e-5, 1),
             "d": uniform(0, 1), "e": integer(1, 64), "f": logarithmic_steps(1, 200, 1)}
    return synthetic(name, space, exact(
        name, space, lambda land, point: shapes.levy(land.offsets(point))))


def normal_priors():
    name = "normal_priors5"
    space = {"a": {"method": "normal", "dimension": {"mu": 2.0, "sigma": 3.0}},
             "b": {"method": "qnormal", "dimension": {"mu": 50, "sigma": 20, "q": 5}},
             "c": {"method": "lognormal", "dimension": {"mu": -3.0, "sigma": 1.0, "base": 10}},
             "d": {"method": "qlognormal", "dimension": {"mu": 4.0, "sigma": 1.0, "q": 2}},
             "e": uniform(-1, 1)}
    return synthetic(name, space, exact(
        name, space, lambda land, point: shapes.rosenbrock(land.offsets(point))))


def network_like():
    """As losses of small networks behave: the best learning rate depends on optimiser and batch size, too high is a
    cliff, weight decay hardly matters until it is large, more units help less and less."""
    name = "network_like8"
    space = {"lr": logarithmic(1e-5, 1), "momentum": uniform(0, 1), "weight_decay": logarithmic(1e-8, 1e-1),
             "batch": choice(16, 32, 64, 128, 256), "optimizer": choice("sgd", "adam", "rmsprop"),
             "layers": integer(1, 8), "units": logarithmic_steps(8, 1024, 8), "dropout": steps(0, 0.8, 0.1)}

    def score(land, point):
        lr, momentum, decay, layers, units, dropout = (
            land.offsets(point, {key})[0] for key in ("lr", "momentum", "weight_decay", "layers", "units", "dropout"))
        batch = index_of(space["batch"]["dimension"]["categories"], point["batch"])
        optimizer = index_of(space["optimizer"]["dimension"]["categories"], point["optimizer"])
        # The shift is none where the cost of both is none, so that the optimum stays where it is.
        shift = 0.15 * (land.cost(point, "optimizer") * (1 - optimizer) + 0.5 * land.cost(point, "batch") * (batch - 2))
        off = lr - shift
        cliff = 1.5 * max(0.0, off - 0.2) ** 0.5 if off > 0.2 else 0.0
        return (3 * off * off + cliff + 0.5 * momentum ** 2 + max(0.0, decay) ** 2 + 0.1 * decay ** 2
                + 0.4 * layers ** 2 + 0.3 * abs(units) + 0.4 * abs(units * layers) + 0.3 * dropout ** 2
                + 0.3 * land.total_cost(point))
    return synthetic(name, space, exact(name, space, score))


def interacting_categories():
    """Six categorical parameters, each with a random table of its cost with the next two: no order to exploit. The
    optimum is found by going through all 3,600 points; scores are counted from it."""
    name = "categories6"
    sizes = (3, 4, 5, 3, 4, 5)
    names = [f"c{i}" for i in range(len(sizes))]
    space = {key: choice(*(f"v{i}" for i in range(size))) for key, size in zip(names, sizes)}

    def instance(seed):
        rng = stream(name, seed)
        tables = [{key: rng.random() ** 2 for key in itertools.product(*(range(sizes[(i + k) % 6]) for k in range(3)))}
                  for i in range(6)]

        def value(indices):
            return sum(tables[i][indices[i], indices[(i + 1) % 6], indices[(i + 2) % 6]] for i in range(6))
        least = min(value(indices) for indices in itertools.product(*map(range, sizes)))

        def evaluate(configuration, trial):
            score = value([int(configuration[key][1:]) for key in names]) - least
            return Outcome(score, score, wobble(seed, trial))
        return evaluate
    return synthetic(name, space, instance)


def tasks():
    return [ackley_mixed(), rastrigin_steps(), levy_quantised(), normal_priors(), network_like(),
            interacting_categories()]
