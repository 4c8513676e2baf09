from ray import _absent
from ray._session import Checkpoint, get_checkpoint, get_context, report

_CONFIGURATION = ("CheckpointConfig", "FailureConfig", "RunConfig", "ScalingConfig", "SyncConfig")
globals().update({name: _absent.inert(name) for name in _CONFIGURATION})

__getattr__ = _absent.attribute_error_of(__name__)
