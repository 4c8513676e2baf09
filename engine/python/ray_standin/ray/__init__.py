"""A stand-in for what training scripts use of Ray: reporting, checkpoints, trial identity and the class Trainable.

hpogrid-engine evaluates trials itself, so a script that needs Ray for these runs without it. Whatever else of Ray a
script names is refused with a clear error. HPOGRID_REAL_RAY=1 makes scripts see the real Ray instead.
"""

from ray import _absent
from ray import air, train, tune

__version__ = "2.9.3+hpogrid"


def init(*_, **__):
    """There is nothing to start."""


def shutdown(*_, **__):
    pass


def is_initialized():
    return True


__getattr__ = _absent.attribute_error_of(__name__)
