"""Functions that a training script calls."""

import os

from hpogrid._engine import trial as _trial


def report(metrics=None, *, checkpoint=None, **more):
    """Reports one iteration: `report(loss=0.1)`, `report({"loss": 0.1})`, or `report(0.1)` for the optimised metric.

    Numbers are what counts: Python's, NumPy's and one-element tensors. Anything else is noted in the trial's log.
    `checkpoint` is a Checkpoint, a folder, a file or a dictionary; it is copied, so the original may be removed at
    once. A trial whose node dies, or that a scheduler pauses, continues from its last one (see get_checkpoint()).
    """
    _trial.current().report(metrics, more, checkpoint)


def get_datadir():
    """Folder of the input data, with a trailing slash."""
    return _with_slash(os.environ.get("HPOGRID_DATA_DIR") or os.getcwd())


def get_workdir():
    """Folder in which the run was started, with a trailing slash. All trials share it; see get_trial_dir()."""
    return _with_slash(os.environ.get("HPOGRID_WORK_DIR") or os.getcwd())


def get_trial_dir():
    """The trial's own folder, with a trailing slash: its working directory when it starts."""
    return _with_slash(_trial.current().folder)


def get_trial_id():
    """Number of the trial, as text; None outside a trial."""
    return _trial.current().id


def get_checkpoint():
    """The Checkpoint to continue from, or None to start from zero. It is a path for open() and os.path too."""
    return _trial.current().restored_checkpoint()


def _with_slash(path):
    return os.path.join(path, "")
