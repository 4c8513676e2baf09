"""Real numbers only, on linear and logarithmic scales."""
from ..task import synthetic
from . import shapes
from .landscape import exact, logarithmic, uniform


def numbered(count, definition):
    return {f"x{i:02}": definition for i in range(count)}


def of_shape(name, search_space, shape, names=None):
    return synthetic(name, search_space, exact(name, search_space, lambda landscape, point: shape(
        landscape.offsets(point, names))))


def tasks():
    important = ("x03", "x07", "x11", "x15")
    return [
        of_shape("branin_log", {"x": logarithmic(1e-4, 1e2), "y": uniform(0, 1)}, shapes.branin),
        of_shape("hartmann6", numbered(6, uniform(-1, 1)), shapes.hartmann6),
        of_shape("rosenbrock5", numbered(5, uniform(-5, 10)), shapes.rosenbrock),
        of_shape("ellipsoid_log6", numbered(6, logarithmic(1e-6, 1e-1)), shapes.ellipsoid),
        of_shape("styblinski10", numbered(10, uniform(-5, 5)), shapes.styblinski_tang),
        of_shape("embedded20", numbered(20, uniform(0, 1)), shapes.levy, important),
    ]
