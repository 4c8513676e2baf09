from hpogrid.trainable import Trainable

__all__ = ["Trainable"]
