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


class StopReached(BaseException):
    """A reported value reached its limit in the `stop` configuration: the training ends here, in good order."""


class Left(BaseException):
    """The study stops: the training ends here, with the checkpoint that it has just saved."""


class Released(BaseException):
    """The study has ended the trial where it waited, and the process may begin another one."""


class Abandoned(BaseException):
    """The other side of the channel has gone while the trial waited for its decision."""


class Trial:
    """Identity, folders, reports and checkpoints of one attempt. Without a channel it prints its reports.

    A trial with a milestone waits for a decision at each report that reaches it: the study lets it go on (to the next
    milestone, or for ever) or ends it with SIGTERM.
    """

    def __init__(self, identity=None, folder=None, metric=None, checkpoint=None, channel=None, attempt=1, milestone=None):
        self.id = identity
        self.folder = folder or os.getcwd()
        self.name = os.path.basename(os.path.normpath(self.folder)) if identity is None else "trial_" + str(identity)
        self.metric = metric or "score"
        self.checkpoint = checkpoint or None
        self.reports = 0
        self.saves_at_end = os.environ.get("HPOGRID_SAVE_AT_END") != "0"
        self._attempt = attempt
        self._milestone = milestone
        self._time_attribute = os.environ.get("HPOGRID_TIME_ATTRIBUTE") or "training_iteration"
        self._checkpoints = os.environ.get("HPOGRID_CHECKPOINTS") or os.path.join(self.folder, "checkpoints")
        self._saved = 0
        self._leaving = False
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

    def will_wait(self, values):
        """Whether a report of these values is one that the study decides on, so that it should come with a checkpoint."""
        return self._milestone is not None and self._time_of(self._complete(values)[0]) >= self._milestone

    def is_to_leave(self):
        """Whether the study stops, so that the next report should come with a checkpoint: the training ends with it."""
        while not self._leaving and self._channel is not None and self._channel.has_more():
            self._heed(self._channel.receive())
        return self._leaving

    def will_end(self, values):
        """Whether a report of these values ends the training by a stop condition."""
        return bool(self._limits) and self._reaches_limit(self._complete(values)[0])

    def allow_release(self):
        """Tells the worker that a message can end the trial, where otherwise a signal would end the process."""
        if self._channel is not None:
            self._channel.send({"releasable": True})

    def keep_checkpoint(self, checkpoint):
        """Takes a checkpoint over, to be announced with the next report."""
        with self._lock:
            self._pending_checkpoint = self._store(checkpoint, self._iteration + 1)

    def _report(self, values, checkpoint):
        numbers, refused = self._complete(values)
        self.reports += 1
        self._iteration = _whole(numbers["training_iteration"], self._iteration + 1)
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
        if self._reaches_limit(numbers):
            raise StopReached()
        saved = "checkpoint" in message
        if saved:
            self._leave_if_asked()
        if self._channel is not None and self._milestone is not None and self._time_of(numbers) >= self._milestone:
            self._await_decision(saved)

    def _complete(self, values):
        """The numbers among the values, with iteration and time, and what is refused of them."""
        numbers, refused = _metrics.split(values)
        numbers.setdefault("training_iteration", self._iteration + 1)
        numbers.setdefault("time_total_s", self._time_before + time.time() - self._started)
        return numbers, refused

    def _reaches_limit(self, numbers):
        return any(numbers.get(name, -math.inf) >= limit for name, limit in self._limits.items())

    def _time_of(self, numbers):
        return numbers.get(self._time_attribute, numbers["training_iteration"])

    def _await_decision(self, saved):
        while not self._heed(self._channel.receive()):
            if saved:
                self._leave_if_asked()

    def _leave_if_asked(self):
        if self.is_to_leave():
            self._channel.send({"left": True})
            raise Left()

    def _heed(self, message):
        """Answers whether the message is a decision to go on."""
        if message is None:
            raise Abandoned()
        if "proceed" in message:
            self._milestone = message["proceed"]
            return True
        if "release" in message:
            raise Released()
        self._leaving = self._leaving or bool(message.get("leave"))
        return False

    def _send(self, message):
        if self._channel is not None:
            self._channel.send(message)
            return
        print(json.dumps(message["report"]), flush=True)
        for name, value in message.get("refused", {}).items():
            print("hpogrid: {} is not a number: {}".format(name, value), file=sys.stderr, flush=True)

    def _store(self, checkpoint, iteration):
        """Copies a checkpoint into the study's folder of checkpoints, whole or not at all, even if the power fails."""
        if self._pending_checkpoint:
            shutil.rmtree(self._pending_checkpoint["path"], ignore_errors=True)  # never announced
        number = self._saved + 1
        name = "{:06d}_{}_{}".format(int(self.id or 0), self._attempt, number)
        target = os.path.join(self._checkpoints, name)
        unfinished = target + ".unfinished"
        shutil.rmtree(unfinished, ignore_errors=True)
        os.makedirs(unfinished)
        if isinstance(checkpoint, dict):
            _checkpoint.write_state(unfinished, checkpoint)
        else:
            _checkpoint.copy_files(os.fspath(checkpoint), unfinished)
        stored = _checkpoint.Checkpoint(unfinished)
        stored.update_metadata({"iteration": iteration, "time_total": self._time_before + time.time() - self._started})
        size = _checkpoint.flush_files(unfinished)
        os.rename(unfinished, target)
        self._saved = number
        return {"path": target, "number": number, "bytes": size}


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
