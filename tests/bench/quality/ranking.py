"""The statistics of the report: pure functions of numbers. numpy only."""
import dataclasses
import math
import statistics

import numpy

RESAMPLES = 2000


def mid_ranks(values):
    """Ranks from 1, ties share their mean."""
    values = numpy.asarray(values, dtype=float)
    less = (values[:, None] > values[None, :]).sum(axis=1)
    same = (values[:, None] == values[None, :]).sum(axis=1)
    return less + (same + 1) / 2


@dataclasses.dataclass(frozen=True)
class Interval:
    value: float
    low: float
    high: float


def bootstrap_mean(by_task, other_tasks, seed=0):
    """Mean over tasks of the mean over seeds, with a 95 % interval. `by_task`: {task: [a number, or an array of them, a
    seed]}. Seeds are drawn again within each task; the tasks as well where the question is about `other_tasks` of this
    sort, and not about these."""
    tasks = [numpy.asarray(numbers, dtype=float) for numbers in by_task.values()]
    rng = numpy.random.default_rng(seed)
    means = []
    for _ in range(RESAMPLES):
        chosen = rng.integers(len(tasks), size=len(tasks)) if other_tasks else range(len(tasks))
        means.append(numpy.mean([resampled_mean(tasks[index], rng) for index in chosen], axis=0))
    value = numpy.mean([numbers.mean(axis=0) for numbers in tasks], axis=0)
    low, high = numpy.percentile(means, [2.5, 97.5], axis=0)
    return value, low, high


def resampled_mean(numbers, rng):
    return numbers[rng.integers(len(numbers), size=len(numbers))].mean(axis=0)


def mean_ranks(regrets):
    """`regrets`: {task: [[regret of each optimiser] of each seed]}. Answers one Interval an optimiser."""
    ranks = {task: [mid_ranks(row) for row in rows] for task, rows in regrets.items()}
    return [Interval(*map(float, triple)) for triple in zip(*bootstrap_mean(ranks, other_tasks=True))]


def signed_rank(differences):
    """Wilcoxon's signed-rank statistic of one sample: (W+ minus its mean, its variance) if signs are by chance; zeros
    are left out, ties share ranks. F. Wilcoxon, Biometrics Bulletin 1 (1945) 80."""
    differences = numpy.asarray(differences, dtype=float)
    differences = differences[differences != 0]
    if len(differences) == 0:
        return 0.0, 0.0
    ranks = mid_ranks(numpy.abs(differences))
    return float(ranks[differences > 0].sum() - ranks.sum() / 2), float((ranks ** 2).sum() / 4)


def stratified_signed_rank(by_task):
    """One-sided p-value that differences are above 0 (normal approximation). Regrets of different tasks have different
    scales, so each task is ranked by itself and the statistics are added up (stratified test)."""
    parts = [signed_rank(differences) for differences in by_task.values()]
    excess, variance = sum(part[0] for part in parts), sum(part[1] for part in parts)
    if variance == 0:
        return 0.5
    return 0.5 * math.erfc(excess / math.sqrt(2 * variance))


def holm(p_values):
    """p-values adjusted for their number. S. Holm, Scandinavian Journal of Statistics 6 (1979) 65."""
    order = sorted(range(len(p_values)), key=lambda index: p_values[index])
    adjusted, largest = [0.0] * len(p_values), 0.0
    for position, index in enumerate(order):
        largest = max(largest, min(1.0, (len(p_values) - position) * p_values[index]))
        adjusted[index] = largest
    return adjusted


def win_share(by_task):
    """Share of pairs in which the first is better (its difference is below 0), ties count half, as an Interval for
    these tasks."""
    wins = {task: [0.5 - 0.5 * numpy.sign(difference) for difference in differences]
            for task, differences in by_task.items()}
    return Interval(*map(float, bootstrap_mean(wins, other_tasks=False)))


# A native version is "no worse" if it is shown to win at least this share of pairs.
MARGIN = 0.45
# A bootstrap of fewer seeds a task does not know how much seeds differ: of one, its interval is a point.
FEWEST_SEEDS = 5


def verdict(adjusted_p, share, seeds):
    """What the data allow to say of "statistically no worse". `seeds`: pairs of the task that has the fewest."""
    if adjusted_p < 0.05:
        return "worse"
    return "no worse" if share.low > MARGIN and seeds >= FEWEST_SEEDS else "undecided"


def median(values):
    return statistics.median(values)
