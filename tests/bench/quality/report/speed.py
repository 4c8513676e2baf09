"""Milliseconds a suggestion: CPU time inside the optimiser's process of asking for one point and telling its score,
after n others were told."""
import statistics

from .. import space
from ..optimizers.process import OptimizerError
from .text_table import table

DIMENSIONS = 20
# SMAC fits its model at every eighth suggestion: the mean counts.
CYCLES = 8
# Larger n are not tried once a suggestion takes longer than this.
TOO_LONG = 30.0


def speed_space():
    return {f"x{i:02}": {"method": "uniform", "dimension": {"low": 0.0, "high": 1.0}} for i in range(DIMENSIONS)}


def score(configuration):
    return sum((value - 0.3) ** 2 for value in configuration.values())


def measure(optimizer, count):
    """Mean seconds of a suggestion after `count` observations of random points."""
    with optimizer.start(answer_within=600) as process:
        optimizer.make(process, speed_space(), 1, count + 1 + CYCLES, 1)
        points = space.samples(speed_space(), count, 1)
        process.tell([{"kind": "pending", "trial": i, "configuration": point} for i, point in enumerate(points)]
                     + [{"kind": "finished", "trial": i, "score": score(point)} for i, point in enumerate(points)])
        seconds = []
        # The first one takes in all observations at once, which a study does only when it is resumed.
        for _ in range(1 + CYCLES):
            suggestion, cpu = process.ask()
            told = {"kind": "finished", "trial": suggestion["trial"], "score": score(suggestion["configuration"])}
            seconds.append(cpu + process.tell([told]))
            if cpu > TOO_LONG:
                break
        return statistics.fmean(seconds[1:] or seconds)


def speed_table(optimizers, counts, progress):
    rows = []
    for optimizer in optimizers:
        row, problem = [optimizer.name], None
        for count in counts:
            if problem is None:
                try:
                    seconds = measure(optimizer, count)
                    cell = f"{1000 * seconds:.3g}"
                    problem = f"> {cell}" if seconds > TOO_LONG else None
                except OptimizerError as error:
                    progress(f"{optimizer.name} at n = {count}: {error}")
                    cell = problem = "failed"
                progress(f"{optimizer.name} n = {count}: {cell} ms")
            else:
                cell = problem
            row.append(cell)
        rows.append(row)
    return table(["ms a suggestion, d = 20", *(f"n={count}" for count in counts)], rows)
