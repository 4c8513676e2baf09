"""What algorithms make of trials that a scheduler stops early: the best loss after the same number of epochs.

    tests/bench/schedulers/stopped_trials.py --build build/release [--seeds 10] [--algorithms …] [--scheduler …]

Trials are learning curves over synthetic tasks of tests/bench/quality: from two times the task's spread above its score
the loss falls towards it, at a rate that each trial draws from --rates: the wider, the more early losses mislead. All have --epochs epochs in all,
at most 27 a trial, on three workers in virtual time. An algorithm may have parameters: 'auto{"full_training":false}'.
Prints the mean rank within each task and seed, with a 95 % bootstrap interval over tasks and seeds, and the median of
the best loss, in units of the task's spread.
"""
import argparse
import heapq
import json
import math
import pathlib
import statistics
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1]))
from fidelity import Ours as Scheduler  # noqa: E402
from quality import ranking  # noqa: E402
from quality.optimizers.process import OptimizerProcess  # noqa: E402
from quality.suite import registry  # noqa: E402
from quality.suite.task import reference, stream, wobble  # noqa: E402

EPOCHS, WORKERS = 27, 3
TASKS = ("hartmann6", "rosenbrock5", "ackley_mixed8", "rastrigin_steps6", "network_like8", "levy_quantised6")


class Trial:
    def __init__(self, task, seed, suggestion, spread, rates):
        self.number = suggestion["trial"]
        self.limit = task.instance(seed)(suggestion["configuration"], self.number).true
        self.spread = spread
        self.rate = stream("rate", seed, self.number).uniform(*rates)
        self.epoch_takes = wobble(seed, self.number)
        self.epochs = 0
        self.best = math.inf

    def train(self):
        self.epochs += 1
        loss = self.limit + 2 * self.spread * math.exp(-self.rate * self.epochs)
        self.best = min(self.best, loss)
        return loss


def best_loss(optimizer, scheduler, task, seed, options):
    """In units of the task's spread, counted from its optimum."""
    spread = reference(task, seed)
    ends = []  # (time, sequence number, trial): of epochs
    best, now = math.inf, 0.0

    def start(time):
        suggestion, _ = optimizer.ask()
        if suggestion:
            push(time, Trial(task, seed, suggestion, spread, options.rates))

    def push(time, trial):
        heapq.heappush(ends, (time + trial.epoch_takes, trial.number, trial))
    for _ in range(WORKERS):
        start(0.0)
    for _ in range(options.epochs):
        now, _, trial = heapq.heappop(ends)
        loss = trial.train()
        best = min(best, loss)
        tells = [{"kind": "intermediate", "trial": trial.number, "score": loss, "iteration": trial.epochs}]
        ended = trial.epochs == EPOCHS or scheduler.report(trial.number, trial.epochs, -loss) in ("stop", "complete")
        if ended:
            tells.append({"kind": "finished", "trial": trial.number, "score": trial.best, "iteration": trial.epochs})
        optimizer.tell(tells)
        if ended:
            start(now)
        else:
            push(now, trial)
    return best / spread


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--build", required=True, type=pathlib.Path, help="folder of a build")
    parser.add_argument("--algorithms", nargs="*", default=["auto", 'auto{"full_training":false}', "bohb", "random"])
    parser.add_argument("--scheduler", default="asynchyperband", choices=["asynchyperband", "median_stopping", "none"])
    parser.add_argument("--tasks", nargs="*", default=list(TASKS), choices=list(TASKS))
    parser.add_argument("--seeds", type=int, default=10)
    parser.add_argument("--rates", type=float, nargs=2, default=[0.1, 0.4], help="of an epoch, 0.1 0.4 by default")
    parser.add_argument("--epochs", type=int, default=1080)
    options = parser.parse_args()
    parameters = {"asynchyperband": {"max_t": EPOCHS, "reduction_factor": 3},
                  "median_stopping": {"time_attr": "training_iteration", "grace_period": 2}, "none": {}}
    rows = {task: [] for task in options.tasks}  # of losses, one an algorithm
    with OptimizerProcess([options.build / "bin/optimizer_server"]) as optimizer:
        for seed in range(options.seeds):
            for name in options.tasks:
                losses = []
                for algorithm in options.algorithms:
                    base, brace, rest = algorithm.partition("{")
                    optimizer.make(base, registry.tasks()[name].search_space, json.loads(brace + rest) if brace else {},
                                   seed, options.epochs, WORKERS)
                    scheduler = Scheduler(str(options.build / "bin/scheduler_server"), options.scheduler,
                                          parameters[options.scheduler], options.epochs, seed)
                    losses.append(best_loss(optimizer, scheduler, registry.tasks()[name], seed, options))
                    scheduler.close()
                rows[name].append(losses)
                print(f"{name}, seed {seed}: {', '.join(f'{loss:.3g}' for loss in losses)}", file=sys.stderr)
    means = ranking.mean_ranks(rows)
    print(f"\n| algorithm | mean rank | {' | '.join(options.tasks)} |\n|---|---|{'---|' * len(options.tasks)}")
    for i, algorithm in enumerate(options.algorithms):
        medians = [f"{statistics.median(losses[i] for losses in rows[task]):.3g}" for task in options.tasks]
        interval = f"{means[i].value:.2f} [{means[i].low:.2f}, {means[i].high:.2f}]"
        print(f"| `{algorithm}` | {interval} | {' | '.join(medians)} |")


if __name__ == "__main__":
    main()
