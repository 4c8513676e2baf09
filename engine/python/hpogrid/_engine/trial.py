"""The trial that this process is."""

import json
import math
import os
import shutil
import sys
import threading
import time

from hpogrid import checkpoint as _checkpoint
from hpogrid._engine import metrics as _metrics

# How many checkpoints of a trial are kept: the one before the last survives a crash while the last is written.
_KEPT_CHECKPOINTS = 2


class StopReached(BaseException):
    """A reported value reached its limit in the `stop` configuration: the training ends here, in good order."""


class Trial:
    """Identity, folders and reports of one attempt. Without a channel it prints its reports."""

    def __init__(self, identity=None, folder=None, metric=None, checkpoint=None, channel=None):
        self.id = identity
        self.folder = folder or os.getcwd()
        self.name = os.path.basename(os.path.normpath(self.folder)) if identity is None else "trial_" + str(identity)
        self.metric = metric or "score"
        self.checkpoint = checkpoint or None
        self.reports = 0
        self._channel = channel
        # As in Ray Tune a value that reaches its limit ends the training at once, not when the study has seen it.
        self._limits = json.loads(os.environ.get("HPOGRID_STOP") or "{}")
        self._started = time.time()
        self._lock = threading.RLock()
        self._pending_checkpoint = None
        self._iteration = 0
        self._time_before = 0.0
        if self.checkpoint:
            kept = _checkpoint.Checkpoint(self.checkpoint).get_metadata()
            self._iteration = int(kept.get("iteration", 0))
            self._time_before = float(kept.get("time_total", 0.0))

    def restored_checkpoint(self):
        return _checkpoint.Checkpoint(self.checkpoint) if self.checkpoint else None

    def report(self, metrics=None, more=None, checkpoint=None):
        if metrics is None:
            values = {}
        elif isinstance(metrics, dict):
            values = dict(metrics)
        else:
            values = {self.metric: metrics}
        values.update(more or {})
        with self._lock:
            self._report(values, checkpoint)

    def keep_checkpoint(self, checkpoint):
        """Takes a checkpoint over, to be announced with the next report."""
        with self._lock:
            self._pending_checkpoint = self._store(checkpoint, self._iteration + 1)

    def _report(self, values, checkpoint):
        numbers, refused = _metrics.split(values)
        self.reports += 1
        self._iteration = _whole(numbers.get("training_iteration"), self._iteration + 1)
        numbers.setdefault("training_iteration", self._iteration)
        numbers.setdefault("time_total_s", self._time_before + time.time() - self._started)
        if checkpoint is not None:
            self._pending_checkpoint = self._store(checkpoint, self._iteration)
        message = {
            "report": {name: _metrics.to_json(number) for name, number in numbers.items()},
            "iteration": self._iteration,
        }
        if refused:
            message["refused"] = refused
        if self._pending_checkpoint:
            message["checkpoint"] = self._pending_checkpoint
            self._pending_checkpoint = None
        self._send(message)
        if any(numbers.get(name, -math.inf) >= limit for name, limit in self._limits.items()):
            raise StopReached()

    def _send(self, message):
        if self._channel is not None:
            self._channel.send(message)
            return
        print(json.dumps(message["report"]), flush=True)
        for name, value in message.get("refused", {}).items():
            print("hpogrid: {} is not a number: {}".format(name, value), file=sys.stderr, flush=True)

    def _store(self, checkpoint, iteration):
        """Copies a checkpoint into the trial's folder, whole or not at all."""
        parent = os.path.join(self.folder, "checkpoints")
        target = os.path.join(parent, "checkpoint_{:06d}".format(iteration))
        unfinished = target + ".unfinished"
        shutil.rmtree(unfinished, ignore_errors=True)
        os.makedirs(unfinished)
        if isinstance(checkpoint, dict):
            _checkpoint.write_state(unfinished, checkpoint)
        else:
            _checkpoint.copy_files(os.fspath(checkpoint), unfinished)
        stored = _checkpoint.Checkpoint(unfinished)
        stored.update_metadata({"iteration": iteration, "time_total": self._time_before + time.time() - self._started})
        shutil.rmtree(target, ignore_errors=True)
        os.rename(unfinished, target)
        self._forget_old_checkpoints(parent)
        return target

    def _forget_old_checkpoints(self, parent):
        whole = sorted(name for name in os.listdir(parent) if not name.endswith(".unfinished"))
        for name in whole[:-_KEPT_CHECKPOINTS]:
            shutil.rmtree(os.path.join(parent, name), ignore_errors=True)


def _whole(number, otherwise):
    try:
        return int(number)
    except (TypeError, ValueError, OverflowError):
        return otherwise


_current = None


def current():
    """The running trial; outside of one, a trial that prints what is reported."""
    global _current
    if _current is None:
        environment = os.environ
        _current = Trial(
            identity=environment.get("HPOGRID_TRIAL_ID"),
            folder=environment.get("HPOGRID_TRIAL_DIR"),
            metric=environment.get("HPOGRID_METRIC"),
            checkpoint=environment.get("HPOGRID_CHECKPOINT"),
        )
    return _current


def begin(trial):
    global _current
    _current = trial
    return trial
