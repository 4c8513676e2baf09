"""Runs one trial of a user's function or class."""

import inspect
import shutil
import signal
import sys
import tempfile
import time

from hpogrid import reporting
from hpogrid import trainable as _trainable
from hpogrid._engine import metrics as _metrics
from hpogrid._engine.trial import Released, StopReached

# Seconds between two checkpoints of a class that can save itself.
_CHECKPOINT_INTERVAL = 60.0


class Stopped(BaseException):
    """SIGTERM arrived: the study ends this trial."""


class Reporter:
    """Second argument of `def objective(config, reporter)`."""

    def __init__(self, trial):
        self._trial = trial

    def __call__(self, *metrics, **more):
        reporting.report(*metrics, **more)

    @property
    def logdir(self):
        return self._trial.folder

    @property
    def trial_id(self):
        return self._trial.id

    @property
    def trial_name(self):
        return self._trial.name


def run(model, config, trial, kept=None):
    """Returns when the training ended in good order; the user's exceptions pass through.

    Answers the object that can begin another trial, if there is one. `kept` is such an object, and has begun this one.
    """
    if inspect.isclass(model):
        return _run_class(model, config, trial, kept)
    _run_function(model, config, trial)
    return None


def _run_function(function, config, trial):
    arguments, keywords = _arguments(function, config, trial)
    result = function(*arguments, **keywords)
    if inspect.isgenerator(result):
        for partial in result:
            _report_returned(partial, trial)
        result = None
    if result is not None:
        _report_returned(result, trial)
    # One that goes on from a checkpoint may find nothing left to do.
    if trial.reports == 0 and not trial.checkpoint:
        raise ValueError(
            "{} neither reported nor returned a metric: call hpogrid.report(…) or return a dict of numbers".format(
                getattr(function, "__name__", "the model")
            )
        )


def _arguments(function, config, trial):
    """Functions take (config), (config, reporter) or, as in Ray 1, (config, checkpoint_dir=None)."""
    try:
        parameters = list(inspect.signature(function).parameters.values())
    except (TypeError, ValueError):
        return [config], {}
    positional = [p for p in parameters if p.kind in (p.POSITIONAL_ONLY, p.POSITIONAL_OR_KEYWORD)]
    keywords = {}
    if any(p.name == "checkpoint_dir" for p in parameters[1:]):
        keywords["checkpoint_dir"] = trial.checkpoint
    if any(p.name == "reporter" for p in parameters[1:]):
        keywords["reporter"] = Reporter(trial)
    elif len(positional) > 1 and positional[1].default is inspect.Parameter.empty and positional[1].name not in keywords:
        return [config, Reporter(trial)], keywords
    return [config], keywords


def _report_returned(result, trial):
    if isinstance(result, dict):
        trial.report(result)
    elif _metrics.is_number(result):
        trial.report({trial.metric: result})
    elif trial.reports == 0:
        raise TypeError(
            "the model returned {}: return a dict of metrics or a number".format(_metrics.describe(result))
        )


def _run_class(model, config, trial, kept):
    if not hasattr(model, "train") or not (hasattr(model, "step") or hasattr(model, "_train")):
        raise TypeError(
            "the class {} cannot be trained: derive it from hpogrid.Trainable (or ray.tune.Trainable) "
            "and give it setup() and step()".format(model.__name__)
        )
    instance = model(config) if kept is None else kept
    stays = isinstance(instance, _trainable.Trainable) and instance.can_reset()
    if stays:
        trial.allow_release()
    if _cleans_up(instance):
        signal.signal(signal.SIGTERM, _raise_stopped)
    in_good_order = False
    try:
        if trial.checkpoint:
            instance.restore(trial.checkpoint)
        _step_until_done(instance, trial)
        in_good_order = True
    except (StopReached, Released):
        in_good_order = True
    finally:
        signal.signal(signal.SIGTERM, signal.SIG_DFL)
        if not (stays and in_good_order):
            instance.stop()
    return instance if stays else None


def _step_until_done(instance, trial):
    saved = time.time()
    while True:
        result = instance.train()
        done = bool(result.get("done"))
        at_its_end = done or trial.will_end(result)
        due = time.time() - saved > _CHECKPOINT_INTERVAL or trial.will_wait(result) or trial.is_to_leave()
        if trial.saves_at_end if at_its_end else due:
            _save(instance, trial)
            saved = time.time()
        trial.report(result)
        if done:
            return


def _save(instance, trial):
    """A class that cannot be saved after all is trained on: its loss would be greater than the checkpoint's gain."""
    if not isinstance(instance, _trainable.Trainable) or not instance.can_save():
        return
    folder = tempfile.mkdtemp(prefix="saving_", dir=trial.folder)
    try:
        trial.keep_checkpoint(instance.save(folder))
    except Exception as error:
        print("hpogrid: no checkpoint, saving failed: {!r}".format(error), file=sys.stderr, flush=True)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _cleans_up(instance):
    if not isinstance(instance, _trainable.Trainable):
        return True
    kind = type(instance)
    return kind.cleanup is not _trainable.Trainable.cleanup or kind._stop is not _trainable.Trainable._stop


def _raise_stopped(*_):
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    raise Stopped()
