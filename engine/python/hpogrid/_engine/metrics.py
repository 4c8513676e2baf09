"""From what training scripts report to numbers."""

import math
import numbers

# Words that Ray Tune's users put among the metrics and that are none.
_NOT_METRICS = frozenset(["done", "should_checkpoint"])
_SHOWN = 80


def is_number(value):
    return to_number(value) is not None


def to_number(value):
    """An int or float for a number of any library, None for anything else."""
    if isinstance(value, (int, float)):
        return int(value) if isinstance(value, bool) else value
    if isinstance(value, (str, bytes, dict, list, tuple)) or value is None:
        return None
    try:
        if hasattr(value, "item"):  # NumPy scalars and arrays, tensors of PyTorch and JAX
            return to_number(value.item())
        if hasattr(value, "numpy"):  # tensors of TensorFlow
            return to_number(value.numpy())
        if isinstance(value, numbers.Complex) and not isinstance(value, numbers.Real):
            return None
        return float(value)
    except Exception:  # whatever a foreign type raises, it is no number
        return None


def flatten(metrics, prefix=""):
    """Nested dictionaries as one with keys `outer/inner`, as Ray Tune names them."""
    flat = {}
    for key, value in metrics.items():
        name = prefix + str(key)
        if isinstance(value, dict):
            flat.update(flatten(value, name + "/"))
        else:
            flat[name] = value
    return flat


def split(metrics):
    """(numbers, refused): what can be optimised, and a description of each value that cannot."""
    accepted, refused = {}, {}
    for name, value in flatten(metrics).items():
        if name in _NOT_METRICS:
            continue
        number = to_number(value)
        if number is not None:
            accepted[name] = number
        else:
            refused[name] = describe(value)
    return accepted, refused


def describe(value):
    try:
        text = repr(value)
    except Exception:
        text = "?"
    if len(text) > _SHOWN:
        text = text[:_SHOWN] + "…"
    return "{} {}".format(type(value).__name__, text)


def to_json(number):
    """JSON has no NaN and no infinities: they travel as text, and so does an integer too large for a double."""
    try:
        number = float(number) if not -(2**53) <= number <= 2**53 else number
    except OverflowError:
        number = math.inf if number > 0 else -math.inf
    if number != number:
        return "nan"
    if number in (math.inf, -math.inf):
        return "inf" if number > 0 else "-inf"
    return number
