"""What a task is."""
import dataclasses
import hashlib
import json
import math
import random
import typing

from .. import space


@dataclasses.dataclass(frozen=True)
class Outcome:
    """What one trial comes to. Scores are to be minimised."""
    observed: typing.Optional[float]  # None: the trial failed
    true: typing.Optional[float]      # the same without noise
    duration: float = 1.0             # virtual seconds
    curve: tuple = ()                 # reports on the way, evenly spaced in time


@dataclasses.dataclass(frozen=True)
class Task:
    """`instance(seed)` gives `evaluate(configuration, trial) -> Outcome`, a pure function. Synthetic tasks shift their
    optimum by the seed, so that every seed is another instance, the same for all optimisers."""
    name: str
    family: str
    search_space: dict
    instance: typing.Callable
    optimum: typing.Callable         # () -> least true score, or None: unknown, the best that was seen stands for it
    version: str                     # changes with what the task computes


def synthetic(name, search_space, instance):
    """A task whose scores are counted from its optimum."""
    return Task(name, "synthetic", search_space, instance, lambda: 0.0, behaviour(search_space, instance))


def unknown():
    return None


def behaviour(search_space, instance):
    """The version of a task that is cheap: a digest of the space and of what some points come to."""
    digest = hashlib.sha256(json.dumps(search_space, sort_keys=True).encode())
    for seed in range(3):
        evaluate = instance(seed)
        for trial, point in enumerate(space.samples(search_space, 20, seed)):
            outcome = evaluate(point, trial)
            numbers = [outcome.observed, outcome.true, outcome.duration, *outcome.curve]
            digest.update(json.dumps([number and float(f"{number:.9g}") for number in numbers]).encode())
    return digest.hexdigest()[:12]


def stream(*key):
    """Random numbers that depend on the key alone."""
    return random.Random(json.dumps(key, sort_keys=True))


def wobble(seed, trial, spread=0.3):
    """A factor on a trial's duration: log-normal, median 1."""
    return math.exp(spread * stream("duration", seed, trial).gauss(0, 1))


def reference(task_, seed, count=100):
    """Median true score of random points of this instance: what regret is measured by. Failed ones count as the
    worst."""
    evaluate = task_.instance(seed)
    points = space.samples(task_.search_space, count, 12345)
    scores = [evaluate(point, trial).true for trial, point in enumerate(points)]
    good = sorted(score for score in scores if score is not None)
    return good[min(count // 2, len(good) - 1)]
