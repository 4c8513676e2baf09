"""Training as a class: the interface of ray.tune.Trainable, in both generations of its method names."""

import copy
import os
import shutil
import tempfile
import time

from hpogrid import checkpoint as _checkpoint
from hpogrid._engine import trial as _trial
from hpogrid._engine.metrics import is_number


class Trainable:
    """Override setup() and step(); save_checkpoint(), load_checkpoint() and cleanup() where wanted.

    The former names _setup, _train, _save, _restore and _stop serve as well. One object is one trial, unless it has
    reset_config(): it is stepped until a result holds `done: True` or the study stops it.
    """

    def __init__(self, config=None, *_, **__):
        self.config = config if config is not None else {}
        self._iteration = 0
        self._time_total = 0.0
        self._started = time.time()
        self._setup_time = 0.0
        self.setup(copy.deepcopy(self.config))
        self._setup_time = time.time() - self._started

    # Overridden by users.

    def setup(self, config):
        self._setup(config)

    def step(self):
        return self._train()

    def save_checkpoint(self, checkpoint_dir):
        return self._save(checkpoint_dir)

    def load_checkpoint(self, checkpoint):
        self._restore(checkpoint)

    def reset_config(self, new_config):
        """Override it to begin another trial with this object, and return True: it stays then, with its process, where a
        new process would begin with setup(). False, or an exception, means a new process after all."""
        return False

    def cleanup(self):
        self._stop()

    def log_result(self, result):
        """Called with every result before it is reported."""
        self._log_result(result)

    # Their names before Ray 0.8.7.

    def _setup(self, config):
        pass

    def _train(self):
        raise NotImplementedError("{} needs a method step() (or _train())".format(type(self).__name__))

    def _save(self, checkpoint_dir):
        raise NotImplementedError("{} needs a method save_checkpoint() (or _save())".format(type(self).__name__))

    def _restore(self, checkpoint):
        raise NotImplementedError("{} needs a method load_checkpoint() (or _restore())".format(type(self).__name__))

    def _stop(self):
        pass

    def _log_result(self, result):
        pass

    # What users read.

    @property
    def iteration(self):
        """Number of steps that were completed."""
        return self._iteration

    @property
    def training_iteration(self):
        return self._iteration

    @property
    def trial_id(self):
        return _trial.current().id

    @property
    def trial_name(self):
        return _trial.current().name

    @property
    def logdir(self):
        return _trial.current().folder

    @property
    def trial_resources(self):
        return {}

    def get_config(self):
        return self.config

    # What drives the training.

    def train(self):
        """One step and its result, with `training_iteration`, `time_this_iter_s`, `time_total_s` and `done`."""
        begin = time.time()
        result = self.step()
        if is_number(result):
            result = {_trial.current().metric: result}
        if not isinstance(result, dict):
            raise TypeError(
                "{}: a step must return a dict of metrics, it returned {}".format(type(self).__name__, type(result).__name__)
            )
        seconds = time.time() - begin + (self._setup_time if self._iteration == 0 else 0.0)
        self._iteration += 1
        self._time_total += seconds
        result = dict(result)
        result.setdefault("training_iteration", self._iteration)
        result.setdefault("time_this_iter_s", seconds)
        result.setdefault("time_total_s", self._time_total)
        result.setdefault("done", False)
        self.log_result(result)
        return result

    def can_reset(self):
        """Whether the user's class may begin another trial."""
        return _overrides(self, "reset_config")

    def reset(self, new_config):
        """Begins another trial; answers whether the user's class agrees."""
        begin = time.time()
        if not self.reset_config(copy.deepcopy(new_config)):
            return False
        self.config = new_config
        self._iteration = 0
        self._time_total = 0.0
        self._started = begin
        self._setup_time = time.time() - begin
        return True

    def can_save(self):
        """Whether the user's class knows how to save itself."""
        return any(_overrides(self, name) for name in ("save_checkpoint", "_save"))

    def save(self, checkpoint_dir=None):
        """Saves into a folder (default: a new temporary one) and returns it."""
        folder = checkpoint_dir if checkpoint_dir is not None else tempfile.mkdtemp(prefix="checkpoint_")
        os.makedirs(folder, exist_ok=True)
        answer = self.save_checkpoint(folder)
        kept = {"iteration": self._iteration, "time_total": self._time_total, "file": None}
        if isinstance(answer, dict):
            _checkpoint.write_state(folder, answer)
        elif isinstance(answer, (str, os.PathLike)):
            kept["file"] = _inside(folder, os.fspath(answer))
        _checkpoint.Checkpoint(folder).update_metadata(kept)
        return folder

    def restore(self, checkpoint):
        """Continues from what save() wrote."""
        folder = os.fspath(checkpoint)
        kept = _checkpoint.Checkpoint(folder).get_metadata()
        if _checkpoint.has_state(folder):
            self.load_checkpoint(_checkpoint.read_state(folder))
        else:
            self.load_checkpoint(os.path.join(folder, kept["file"]) if kept.get("file") else folder)
        self._iteration = int(kept.get("iteration", 0))
        self._time_total = float(kept.get("time_total", 0.0))

    def stop(self):
        self.cleanup()


class CustomModel(Trainable):
    """The original hpogrid's class: override initialize(), which runs in the work folder, and step()."""

    def initialize(self, config):
        raise NotImplementedError("{} needs a method initialize(config)".format(type(self).__name__))

    def setup(self, config):
        before = os.getcwd()
        os.chdir(os.environ.get("HPOGRID_WORK_DIR") or before)
        try:
            self.initialize(config)
        finally:
            os.chdir(before)


def _overrides(trainable, name):
    return getattr(type(trainable), name) is not getattr(Trainable, name)


def _inside(folder, path):
    """The path relative to the folder; a file that was saved elsewhere is copied into it."""
    relative = os.path.relpath(os.path.join(folder, path), folder)
    if relative == os.curdir:
        return None
    if relative.startswith(os.pardir):
        shutil.copy2(path, folder)
        return os.path.basename(path)
    return relative
