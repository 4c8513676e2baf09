"""Test functions of an offset z from the optimum, in units of the range of each coordinate: 0 at z = 0, nowhere less.
Formulas and constants: S. Surjanovic and D. Bingham, Virtual Library of Simulation Experiments; the scale of z is
chosen so that the usual domain of each function about fills the cube."""
import math


def sphere(z):
    return sum(x * x for x in z)


def ellipsoid(z):
    """Condition number 1000."""
    last = max(1, len(z) - 1)
    return sum(1000 ** (i / last) * x * x for i, x in enumerate(z))


def rosenbrock(z):
    y = [1 + 3 * x for x in z]
    return sum(100 * (b - a * a) ** 2 + (1 - a) ** 2 for a, b in zip(y, y[1:]))


def rastrigin(z, bumps=5.0, height=2.0):
    return sum((bumps * x) ** 2 + height * (1 - math.cos(2 * math.pi * bumps * x)) for x in z)


def ackley(z):
    y = [20 * x for x in z]
    root = math.sqrt(sum(x * x for x in y) / len(y))
    waves = sum(math.cos(2 * math.pi * x) for x in y) / len(y)
    return 20 - 20 * math.exp(-0.2 * root) + math.e - math.exp(waves)


def levy(z):
    w = [1 + 10 * x / 4 for x in z]
    middle = sum((a - 1) ** 2 * (1 + 10 * math.sin(math.pi * a + 1) ** 2) for a in w[:-1])
    return (math.sin(math.pi * w[0]) ** 2 + middle
            + (w[-1] - 1) ** 2 * (1 + math.sin(2 * math.pi * w[-1]) ** 2))


def griewank(z):
    y = [40 * x for x in z]
    product = math.prod(math.cos(x / math.sqrt(i)) for i, x in enumerate(y, start=1))
    return 1 + sum(x * x for x in y) / 4000 - product


def styblinski_tang(z):
    at, least = -2.903534027771178, -39.16616570377142
    return sum((y ** 4 - 16 * y * y + 5 * y) / 2 - least for y in (at + 8 * x for x in z))


def branin(z):
    x, y = math.pi + 12 * z[0], 2.275 + 12 * z[1]
    bowl = y - 5.1 / (4 * math.pi ** 2) * x * x + 5 / math.pi * x - 6
    return max(0.0, bowl ** 2 + 10 * (1 - 1 / (8 * math.pi)) * math.cos(x) + 10 - 0.39788735772973816)


HARTMANN_WEIGHTS = (1.0, 1.2, 3.0, 3.2)
HARTMANN6_WIDTHS = ((10, 3, 17, 3.5, 1.7, 8), (0.05, 10, 17, 0.1, 8, 14), (3, 3.5, 1.7, 10, 17, 8),
                    (17, 8, 0.05, 10, 0.1, 14))
HARTMANN6_CENTRES = ((.1312, .1696, .5569, .0124, .8283, .5886), (.2329, .4135, .8307, .3736, .1004, .9991),
                     (.2348, .1451, .3522, .2883, .3047, .6650), (.4047, .8828, .8732, .5743, .1091, .0381))
HARTMANN6_BEST = (0.20168952, 0.15001069, 0.47687398, 0.27533243, 0.31165162, 0.65730054)


def hartmann6(z):
    x = [best + 0.6 * offset for best, offset in zip(HARTMANN6_BEST, z)]
    value = sum(weight * math.exp(-sum(a * (v - p) ** 2 for a, v, p in zip(widths, x, centres)))
                for weight, widths, centres in zip(HARTMANN_WEIGHTS, HARTMANN6_WIDTHS, HARTMANN6_CENTRES))
    return max(0.0, 3.3223680114155 - value)
