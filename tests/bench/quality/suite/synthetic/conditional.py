"""Parameters that exist only where others have certain values."""
from ..task import synthetic
from . import shapes
from .landscape import choice, exact, integer, logarithmic, only_if, uniform


def kernels():
    """Three kernels with parameters of their own; each is a valley, and which one is deepest depends on the
    instance."""
    name = "conditional_kernels6"
    space = {"kernel": choice("linear", "poly", "rbf"), "C": logarithmic(1e-3, 1e3),
             "degree": only_if(integer(2, 6), kernel=["poly"]),
             "gamma": only_if(logarithmic(1e-5, 1e1), kernel=["poly", "rbf"]),
             "coef0": only_if(uniform(0, 1), kernel=["poly"]), "shrinking": choice(True, False)}

    def score(land, point):
        depth = {"linear": 1.0, "poly": 4.0, "rbf": 3.0}[point["kernel"]]
        valley = depth * shapes.sphere(land.offsets(point))
        return valley + land.cost(point, "kernel") + 0.1 * land.cost(point, "shrinking")
    return synthetic(name, space, exact(name, space, score))


def layers():
    """A number of layers with units and dropout each: more layers do better only if every one of them is right."""
    name = "conditional_layers9"
    space = {"layers": integer(1, 4), "lr": logarithmic(1e-5, 1e-1)}
    for i in range(1, 5):
        deep = only_if if i > 1 else lambda definition, **_: definition
        space[f"units{i}"] = deep(logarithmic(8, 512), layers=list(range(i, 5)))
    for i in range(2, 5):
        space[f"dropout{i}"] = only_if(uniform(0, 0.8), layers=list(range(i, 5)))

    def score(land, point):
        return 4 * shapes.sphere(land.offsets(point)) + 0.25 * abs(point["layers"] - land.best["layers"])
    return synthetic(name, space, exact(name, space, score))


def tasks():
    return [kernels(), layers()]
