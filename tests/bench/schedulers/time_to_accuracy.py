"""Compares schedulers on the digits task: training epochs and wall time until an accuracy is reached.

    tests/bench/schedulers/time_to_accuracy.py --engine build/release/bin/hpogrid-engine [--peers] [--seeds 3]

All have three workers and the same budget: as many epochs in all as `none` needs to train its --population to the end.
For one seed all that do not name an algorithm train the same random points, and equal points train equally. What trains
beyond the budget is not counted. --peers runs Ray Tune from PyPI (or from the interpreter --ray) on the same points, each
run beside ours.
"""
import argparse
import contextlib
import dataclasses
import json
import math
import os
import pathlib
import shutil
import statistics
import subprocess
import sys
import tempfile
import time

from rays_python import rays_python
from search_spaces import SPACES

HERE = pathlib.Path(__file__).resolve().parent
ROOT = HERE.parents[2]
PER_TRIAL = 14  # trials that those may start that end most of them early, for each one of `none`

HALVING = {"reduction_factor": 3}
INTERVAL = {"time_attr": "training_iteration", "perturbation_interval": 3}
# Label: (scheduler, its parameters, algorithm).
SETTINGS = {
    "none": ("none", {}, "random"),
    "asynchyperband": ("asynchyperband", HALVING, "random"),
    "asynchyperband, factor 4": ("asynchyperband", {}, "random"),
    "asynchyperband, grace 3": ("asynchyperband", {**HALVING, "grace_period": 3}, "random"),
    "bohbhyperband": ("bohbhyperband", HALVING, "random"),
    "pbt": ("pbt", INTERVAL, "random"),
    "none, auto": ("none", {}, "auto"),
    "asynchyperband, auto": ("asynchyperband", HALVING, "auto"),
    "bohbhyperband, bohb": ("bohbhyperband", HALVING, "bohb"),
}
TRAIN_ALL = ("none", "pbt")  # to their end


@dataclasses.dataclass(frozen=True)
class Run:
    """One of the comparison: `setting` is a label, the others are the options; `epochs` are those of a trial."""
    setting: str
    space: str
    population: int
    epochs: int
    seed: int

    @property
    def budget(self):
        return self.epochs * self.population

    @property
    def scheduler(self):
        return SETTINGS[self.setting][0]

    @property
    def algorithm(self):
        return SETTINGS[self.setting][2]

    @property
    def trials(self):
        return self.population * (1 if self.scheduler in TRAIN_ALL else PER_TRIAL)

    @property
    def points(self):
        """Those that are given: all, unless an algorithm is to choose them."""
        return SPACES[self.space].points(self.seed, self.trials) if self.algorithm == "random" else []

    def parameters(self, mutation):
        """`mutation` writes the bounds of an axis as the program wants them."""
        of_setting = SETTINGS[self.setting][1]
        if self.scheduler != "pbt":
            return of_setting if self.scheduler == "none" else {**of_setting, "max_t": self.epochs}
        axes = SPACES[self.space].mutations()
        return {**of_setting, "hyperparam_mutations": {name: mutation(*axis) for name, axis in axes.items()}}


def environment(folder):
    return dict(os.environ, DIGITS_EPOCHS=str(folder / "epochs.txt"), OMP_NUM_THREADS="1")


def epochs_in(folder):
    """[time, accuracy] of each epoch so far."""
    path = folder / "epochs.txt"
    return [line.split() for line in path.read_text().splitlines()] if path.exists() else []


def run_hpogrid(engine, run, folder):
    project = {
        "project_name": "bench", "scripts_path": str(folder),
        "model_config": {"script": "digits.py", "model": "Digits"},
        "search_space": SPACES[run.space].project(),
        "hpo_config": {"algorithm": run.algorithm, "scheduler": run.scheduler,
                       "scheduler_param": run.parameters(lambda method, low, high: {"low": low, "high": high}),
                       "metric": "accuracy", "mode": "max", "num_trials": run.trials, "seed": run.seed,
                       "stop": {"training_iteration": run.epochs}},
    }
    (folder / "project.json").write_text(json.dumps(project))
    (folder / "points.json").write_text(json.dumps(run.points))
    with open(folder / "messages.txt", "w") as messages:
        process = subprocess.Popen(
            [ROOT / "jobs/run-engine", "4", folder / "project.json", "-o", folder / "results.h5", "--search-points",
             folder / "points.json", "--progress", "none"],
            stdout=messages, stderr=messages, env=dict(environment(folder), HPOGRID_ENGINE=engine))
    while process.poll() is None:
        time.sleep(0.2)
        if len(epochs_in(folder)) >= run.budget:
            process.terminate()
            process.wait()
    if process.returncode != 0:
        raise RuntimeError(f"the engine's {run.setting} ended with status {process.returncode}:\n"
                           f"{(folder / 'messages.txt').read_text()[-2000:]}")


def run_ray(python, run, folder):
    """Answers the time at which tuning began, after Ray itself had started."""
    attribute = {} if run.scheduler == "none" else {"time_attr": "training_iteration"}
    task = {"folder": str(folder), "scheduler": run.scheduler, "epochs": run.epochs, "budget": run.budget,
            "parameters": {**run.parameters(lambda *axis: axis), **attribute}, "points": run.points}
    answer = subprocess.run([python, HERE / "ray_peer.py"], input=json.dumps(task), capture_output=True, text=True,
                            env=environment(folder))
    if answer.returncode != 0:
        raise RuntimeError(f"Ray's {run.setting} failed:\n{answer.stderr[-2000:]}")
    return float(answer.stdout.strip().splitlines()[-1])


def curve_of(program, train, run):
    """{"curve": [[seconds since the command, accuracy], …] of the budget's epochs, "start": seconds before tuning}."""
    with tempfile.TemporaryDirectory(prefix="hpogrid-bench-") as name:
        folder = pathlib.Path(name)
        shutil.copy(HERE / "digits.py", folder)
        began = time.time()
        tuned = train(run, folder)
        lines = epochs_in(folder)
    curve = sorted((float(when) - began, float(accuracy)) for when, accuracy in lines)[:run.budget]
    return {"program": program, **dataclasses.asdict(run), "curve": curve, "start": tuned - began if tuned else 0.0}


def programs_of_ours(programs):
    return [(program, train) for program, train in programs if program == "hpogrid"]


def repeated_once(program, train, run):
    """Ray gives up where its processes need more than half a minute to start."""
    try:
        return curve_of(program, train, run)
    except RuntimeError as error:
        print(error, file=sys.stderr)
        return curve_of(program, train, run)


def reached(curve, target):
    """(epochs, seconds) until the target; infinite if the budget did not suffice."""
    return next(((epochs, seconds) for epochs, (seconds, accuracy) in enumerate(curve, 1) if accuracy >= target),
                (math.inf, math.inf))


def number(value, form):
    return format(value, form) if math.isfinite(value) else "–"


def target_of(run, runs, target):
    """The number `target`; else the best accuracy that `none` of the same program reaches on the same seed."""
    if target is not None:
        return target
    plain = [other for other in runs if (other["program"], other["setting"], other["seed"]) ==
             (run["program"], "none", run["seed"])]
    return max((accuracy for _, accuracy in plain[0]["curve"]), default=math.inf) if plain else math.inf


def rows_of(runs, target):
    """One line a setting and program: medians over the seeds; ratios are of pairs of the same seed."""
    goal = {(run["program"], run["setting"], run["seed"]): reached(run["curve"], target_of(run, runs, target))
            for run in runs}
    for program, setting in sorted({(run["program"], run["setting"]) for run in runs},
                                   key=lambda key: (list(SETTINGS).index(key[1]), key[0])):
        mine = [run for run in runs if (run["program"], run["setting"]) == (program, setting)]
        hits = [goal[program, setting, run["seed"]] for run in mine]
        plain = [goal.get((program, "none", run["seed"]), (math.inf,))[0] for run in mine]
        fewer = [none / hit[0] for none, hit in zip(plain, hits) if math.isfinite(none) or math.isfinite(hit[0])]
        yield (f"| {program} | {setting} | {sum(math.isfinite(hit[0]) for hit in hits)}/{len(hits)} "
               f"| {number(statistics.median(hit[0] for hit in hits), '.0f')} "
               f"| {number(statistics.median(fewer) if fewer else math.inf, '.1f')} "
               f"| {number(statistics.median(hit[1] for hit in hits), '.1f')} "
               f"| {statistics.median(run['curve'][-1][0] for run in mine):.1f} "
               f"| {statistics.median(run['start'] for run in mine):.1f} "
               f"| {statistics.median(len(run['curve']) for run in mine):.0f} "
               f"| {statistics.median(max(accuracy for _, accuracy in run['curve']) for run in mine):.3f} |")


def print_tables(runs, targets):
    for target in [*targets, None]:
        print(f"\nUntil accuracy {target}:\n" if target else "\nUntil the best accuracy of `none` on the same seed:\n")
        print("| program | setting | reached | epochs | times fewer than none | seconds | seconds for all epochs "
              "| of these before tuning | epochs in all | best accuracy |\n|---|---|---|---|---|---|---|---|---|---|")
        print("\n".join(rows_of(runs, target)))


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--engine", type=lambda path: str(pathlib.Path(path).resolve()))
    parser.add_argument("--peers", action="store_true", help="run Ray Tune beside it")
    parser.add_argument("--ray", help="interpreter with ray[tune], torch and scikit-learn")
    parser.add_argument("--seeds", type=int, default=3)
    parser.add_argument("--first-seed", type=int, default=0)
    parser.add_argument("--space", choices=list(SPACES), default="rate")
    parser.add_argument("--epochs", type=int, default=27, help="that a trial may have, 27 by default")
    parser.add_argument("--population", type=int, default=12, help="trials of `none`, 12 by default")
    parser.add_argument("--targets", type=float, nargs="*", default=[0.88, 0.9])
    parser.add_argument("--settings", nargs="*", default=list(SETTINGS), choices=list(SETTINGS))
    parser.add_argument("--runs", type=pathlib.Path, help="file that each run is appended to")
    parser.add_argument("--table", type=pathlib.Path, nargs="*", help="only print the table of such files")
    options = parser.parse_args()
    if options.table:
        return print_tables([json.loads(line) for path in options.table for line in path.read_text().splitlines()],
                            options.targets)
    runs = []
    with contextlib.ExitStack() as stack:
        programs = [("hpogrid", lambda *run: run_hpogrid(options.engine, *run))]
        if options.peers or options.ray:
            python = stack.enter_context(rays_python(options.ray))
            programs.append(("Ray", lambda *run: run_ray(python, *run)))
        for seed in range(options.first_seed, options.first_seed + options.seeds):
            for setting in options.settings:
                given = SETTINGS[setting][2] == "random"
                for program, train in programs if given else programs_of_ours(programs):
                    run = Run(setting, options.space, options.population, options.epochs, seed)
                    runs.append(repeated_once(program, train, run))
                    print(f"{program} {setting}, seed {seed}: {runs[-1]['curve'][-1][0]:.1f} s", file=sys.stderr)
                    if options.runs:
                        with open(options.runs, "a") as file:
                            file.write(json.dumps(runs[-1]) + "\n")
                programs.reverse()
    print_tables(runs, options.targets)


if __name__ == "__main__":
    main()
