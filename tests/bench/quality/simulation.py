"""A study in virtual time: W workers, each takes its next trial the moment its last one ends (asynchronous completion).

The trials are numbered in the order in which they are asked for, and what a trial is depends only on what ended
before it was asked for. So the first T trials of a longer run are exactly the run with T trials, unless the optimiser
knows its budget.
"""
import dataclasses
import heapq


@dataclasses.dataclass
class Run:
    """What a study found, by trial. `observed` is what the optimiser was told, None where the trial failed; `true` is
    the same without noise; `cpu` are the seconds that the suggestion and the tells before it cost the optimiser's
    process."""
    observed: list = dataclasses.field(default_factory=list)
    true: list = dataclasses.field(default_factory=list)
    cpu: list = dataclasses.field(default_factory=list)
    origins: dict = dataclasses.field(default_factory=dict)
    makespan: float = 0.0
    error: str = None  # why the optimiser stopped before its time


def simulate(optimizer, evaluate, trials, workers, run=None):
    """`optimizer`: ask() and tell(); `evaluate(configuration, trial)`: an Outcome. An optimiser that has nothing left
    to suggest ends the run early. `run` is filled as the study goes on, so that a caller has what there is if it
    breaks."""
    run = Run() if run is None else run
    ends = []  # (time, sequence number, tell)
    now, running, cpu = 0.0, 0, 0.0
    sequence = 0
    exhausted = False
    while True:
        while running < workers and len(run.cpu) < trials and not exhausted:
            suggestion, seconds = optimizer.ask()
            if suggestion is None:
                exhausted = True
                break
            trial = suggestion["trial"]
            outcome = evaluate(suggestion["configuration"], trial)
            run.observed.append(outcome.observed)
            run.true.append(outcome.true)
            run.cpu.append(cpu + seconds)
            cpu = 0.0
            origin = suggestion["origin"]
            run.origins[origin] = run.origins.get(origin, 0) + 1
            for offset, tell in tells_of(trial, outcome):
                heapq.heappush(ends, (now + offset, sequence, tell))
                sequence += 1
            running += 1
        if not ends:
            return run
        now, _, tell = heapq.heappop(ends)
        run.makespan = now
        running -= tell["kind"] != "intermediate"
        cpu += optimizer.tell([tell])


def tells_of(trial, outcome):
    """What a trial makes known, and how long after its start."""
    for index, value in enumerate(outcome.curve, start=1):
        yield (outcome.duration * index / (len(outcome.curve) + 1),
               {"kind": "intermediate", "trial": trial, "score": value, "iteration": index})
    if outcome.observed is None:
        yield outcome.duration, {"kind": "failed", "trial": trial}
    else:
        yield outcome.duration, {"kind": "finished", "trial": trial, "score": outcome.observed,
                                 "iteration": len(outcome.curve) + 1}
