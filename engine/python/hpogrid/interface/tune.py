"""`from hpogrid.interface.tune import CustomModel`"""

from hpogrid.trainable import CustomModel

__all__ = ["CustomModel"]
