from hpogrid.trainable import Trainable
from ray import _absent
from ray._session import (
    Checkpoint,
    checkpoint_dir,
    get_checkpoint,
    get_context,
    get_trial_dir,
    get_trial_id,
    get_trial_name,
    get_trial_resources,
    report,
)
from ray.tune import track
from ray.tune.sample import (
    choice,
    grid_search,
    lograndint,
    loguniform,
    qlograndint,
    qloguniform,
    qrandint,
    qrandn,
    quniform,
    randint,
    randn,
    sample_from,
    uniform,
)

_CONFIGURATION = (
    "Callback",
    "CheckpointConfig",
    "CLIReporter",
    "Experiment",
    "ExperimentAnalysis",
    "FailureConfig",
    "JupyterNotebookReporter",
    "PlacementGroupFactory",
    "ProgressReporter",
    "ResultGrid",
    "RunConfig",
    "Stopper",
    "SyncConfig",
    "TuneConfig",
    "register_trainable",
)
globals().update({name: _absent.inert(name) for name in _CONFIGURATION})

run = _absent.refuse("tune.run")
run_experiments = _absent.refuse("tune.run_experiments")
Tuner = _absent.refuse("tune.Tuner")


def is_session_enabled():
    return True


def with_parameters(trainable, **values):
    """The function with large objects bound to its keywords, or the class with them given to setup()."""
    if not isinstance(trainable, type):

        def bound(config):
            return trainable(config, **values)

        bound.__name__ = getattr(trainable, "__name__", "trainable")
        return bound

    class Bound(trainable):
        def setup(self, config):
            super().setup(config, **values)

    Bound.__name__ = trainable.__name__
    return Bound


def with_resources(trainable, resources):
    return trainable


__getattr__ = _absent.attribute_error_of(__name__)
