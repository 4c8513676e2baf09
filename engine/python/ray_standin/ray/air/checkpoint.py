from hpogrid.checkpoint import Checkpoint

__all__ = ["Checkpoint"]
