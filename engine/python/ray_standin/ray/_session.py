"""Ray's functions for a running trial, whatever module they are found in."""

import contextlib
import os
import shutil
import tempfile

import hpogrid
from hpogrid._engine import trial as _trial
from hpogrid.checkpoint import Checkpoint

__all__ = ["Checkpoint", "checkpoint_dir", "get_checkpoint", "get_context", "report"]


def report(_metric=None, *, metrics=None, checkpoint=None, checkpoint_dir_name=None, **more):
    hpogrid.report(_metric if metrics is None else metrics, checkpoint=checkpoint, **more)


def get_checkpoint():
    return hpogrid.get_checkpoint()


@contextlib.contextmanager
def checkpoint_dir(step=None):
    """Files written in this folder are a checkpoint, announced with the next report."""
    current = _trial.current()
    folder = tempfile.mkdtemp(prefix="saving_", dir=current.folder)
    try:
        yield folder
        current.keep_checkpoint(folder)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def get_trial_id():
    return _trial.current().id


def get_trial_name():
    return _trial.current().name


def get_trial_dir():
    return os.path.normpath(_trial.current().folder)


def get_trial_resources():
    return {}


def get_experiment_name():
    return "hpogrid"


def get_world_size():
    return 1


def get_world_rank():
    return 0


class TrainContext:
    get_trial_id = staticmethod(get_trial_id)
    get_trial_name = staticmethod(get_trial_name)
    get_trial_dir = staticmethod(get_trial_dir)
    get_trial_resources = staticmethod(get_trial_resources)
    get_experiment_name = staticmethod(get_experiment_name)
    get_world_size = staticmethod(get_world_size)
    get_world_rank = staticmethod(get_world_rank)
    get_local_rank = staticmethod(get_world_rank)
    get_local_world_size = staticmethod(get_world_size)
    get_node_rank = staticmethod(get_world_rank)


def get_context():
    return TrainContext()
