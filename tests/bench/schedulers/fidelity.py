"""Compares the decisions of our schedulers with those of the real Ray Tune, report by report, on the same curves.

    tests/bench/schedulers/fidelity.py --server build/release/bin/scheduler_server [--ray PYTHON] [--cases 100]

Ray is taken from the interpreter PYTHON; without one, it is installed from PyPI into a virtual environment that is
removed again. Prints for each scheduler how many decisions were equal; exit status 1 if not all were. A decision is: of
the schedulers that stop, the answer to a report; of those that halve, how far a trial is trained; of populations, the
exploits after a report (with synch, after each round), or that there is none.
"""
import argparse
import json
import math
import os
import pathlib
import random
import subprocess
import sys
import types

from rays_python import rays_python

LENGTH = 27
PLACES = 3


class Ours:
    """A scheduler of the engine, behind the program scheduler_server."""

    def __init__(self, server, name, parameters, trials, seed):
        self._process = subprocess.Popen([server], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        self.orders = []
        self._ask(make=name, scheduler_param=parameters, seed=seed, trials=trials)

    def _ask(self, **request):
        self._process.stdin.write(json.dumps(request) + "\n")
        self._process.stdin.flush()
        answer = json.loads(self._process.stdout.readline())
        if "error" in answer:
            raise ValueError(answer["error"])
        self.orders += answer.get("orders", [])
        return answer

    def report(self, trial, time, metric, waiting=False):
        score = None if math.isnan(metric) else -metric
        return self._ask(report=trial, time=time, score=score, new_trials_wait=waiting)["decision"]

    def paused(self, trial):
        self._ask(paused=trial)

    def next(self, waiting):
        return self._ask(next=waiting)["trial"]

    def stall(self):
        self._ask(stall=True)

    def close(self):
        self._process.stdin.close()
        self._process.wait()


class RaysTrial:
    """What Ray's schedulers look at of a trial."""

    def __init__(self, number):
        self.number, self.trial_id, self.status = number, str(number), "PENDING"
        self.config = {"x": 0.5, "source": number}
        self.evaluated_params, self.last_result, self.experiment_tag = {}, {}, str(number)
        self.temporary_state = types.SimpleNamespace(saving_to=None)
        self.checkpoint, self.is_saving = object(), False
        manager = types.SimpleNamespace(checkpoint_config=types.SimpleNamespace(num_to_keep=None))
        self.run_metadata = types.SimpleNamespace(checkpoint_manager=manager)

    def is_finished(self):
        return self.status in ("TERMINATED", "ERROR")

    def set_config(self, config):
        self.config = config

    def set_experiment_tag(self, tag):
        self.experiment_tag = tag


class RaysController:
    """What Ray's schedulers do with trials."""

    def __init__(self, scheduler, trials):
        self.scheduler = scheduler
        self.trials = [RaysTrial(number) for number in range(trials)]
        searcher = types.SimpleNamespace(on_pause=lambda _: None, on_unpause=lambda _: None)
        self.search_alg = types.SimpleNamespace(searcher=searcher)
        for trial in self.trials:
            scheduler.on_trial_add(self, trial)

    def get_trials(self):
        return self.trials

    def get_live_trials(self):
        return {trial for trial in self.trials if not trial.is_finished()}

    def stop_trial(self, trial):
        self.scheduler.on_trial_remove(self, trial)
        trial.status = "TERMINATED"

    def pause_trial(self, trial, should_checkpoint=True):
        trial.status = "PAUSED"

    def _schedule_trial_save(self, trial, result=None):
        return types.SimpleNamespace(of=trial.number)

    def report(self, number, time, metric):
        result = {"training_iteration": time, "accuracy": metric}
        return self.scheduler.on_trial_result(self, self.trials[number], result)


class Tally:
    """How many decisions there were, how many of them changed something, how many were equal."""

    def __init__(self):
        self.decisions, self.acts, self.equal, self.differences = 0, 0, 0, []

    def add(self, equal, acts, describe):
        self.decisions += 1
        self.acts += acts
        self.equal += equal
        if not equal:
            self.differences.append(describe())


def curves_of(seed, trials, nan_rate):
    """Learning curves in eighths: many ties, and sums without rounding."""
    draw = random.Random(seed)
    curves = []
    for _ in range(trials):
        end = draw.random()
        curves.append([math.nan if draw.random() < nan_rate else
                       round(8 * end * (1 - math.exp(-i / 3)) + draw.random()) / 8 for i in range(1, LENGTH + 1)])
    return curves


def compare_stopping(server, name, parameters, scheduler, seed, tally):
    """Trials report in a random order; both must decide the same of each report."""
    trials, draw = 20, random.Random(seed)
    # What Ray takes for the best of scores with NaN among them depends on their order.
    curves = curves_of(seed, trials, 0.0 if name == "median_stopping" else 0.1)
    ours, rays = Ours(server, name, parameters, trials, seed), RaysController(scheduler, trials)
    for trial in rays.trials:
        trial.status = "RUNNING"
    running, iterations = list(range(trials)), [0] * trials
    while running:
        number = draw.choice(running)
        iterations[number] += 1
        metric = curves[number][iterations[number] - 1]
        mine = "CONTINUE" if ours.report(number, iterations[number], metric) == "proceed" else "STOP"
        its = rays.report(number, iterations[number], metric)
        tally.add(mine == its, its != "CONTINUE",
                  lambda: f"seed {seed}: trial {number} at {iterations[number]}: {mine}, Ray's {its}")
        if its != "CONTINUE" or iterations[number] == LENGTH:
            running.remove(number)
            rays.trials[number].status = "TERMINATED"
    ours.close()


def halve_ours(server, name, parameters, curves, seed):
    """Iterations that each trial gets on a few places."""
    draw, trials = random.Random(seed), len(curves)
    ours, iterations, running, begun = Ours(server, name, parameters, trials, seed), [0] * trials, [], 0
    while True:
        while len(running) < PLACES:
            number = ours.next(begun < trials)
            if number is None:
                if begun == trials:
                    break
                number, begun = begun, begun + 1
            running.append(number)
        if not running:
            before = len(ours.orders)
            ours.stall()
            number = ours.next(False)
            if number is None and len(ours.orders) == before:
                break
            running += [] if number is None else [number]
            continue
        number = draw.choice(running)
        iterations[number] += 1
        decision = ours.report(number, iterations[number], curves[number][iterations[number] - 1], begun < trials)
        if decision != "proceed":
            running.remove(number)
        if decision == "pause":
            ours.paused(number)
    ours.close()
    return iterations


def halve_rays(scheduler, curves, seed):
    draw = random.Random(seed)
    rays, iterations = RaysController(scheduler, len(curves)), [0] * len(curves)
    running = []
    while True:
        while len(running) < PLACES:
            trial = scheduler.choose_trial_to_run(rays)
            if trial is None:
                break
            trial.status = "RUNNING"
            running.append(trial.number)
        if not running:
            return iterations
        number = draw.choice(running)
        iterations[number] += 1
        action = rays.report(number, iterations[number], curves[number][iterations[number] - 1])
        if action != "CONTINUE":
            running.remove(number)
            rays.trials[number].status = "PAUSED" if action == "PAUSE" else "TERMINATED"


def compare_halving(server, name, parameters, scheduler, seed, tally):
    # Without NaN, whose place Ray leaves to the sorting.
    curves = curves_of(seed, 5 + seed % 40, 0.0)
    ours, rays = halve_ours(server, name, parameters, curves, seed), halve_rays(scheduler, curves, seed + 1)
    for number, (mine, its) in enumerate(zip(ours, rays)):
        tally.add(mine == its, its < LENGTH, lambda: f"seed {seed}: trial {number} is trained to {mine}, Ray's to {its}")


def compare_populations(server, name, parameters, scheduler, seed, tally):
    """Four trials, of which one is the worst and one the best, so that nothing is left to chance."""
    trials, draw, synch = 4, random.Random(seed), parameters.get("synch", False)
    curves = curves_of(seed, trials, 0.1)
    ours, rays = Ours(server, name, parameters, trials, seed), RaysController(scheduler, trials)
    for trial in rays.trials:
        trial.status = "RUNNING"
    iterations = [0] * trials
    for step in range(40):
        order = draw.sample(range(trials), trials) if synch else [draw.randrange(trials)]
        if max(iterations[number] for number in order) >= LENGTH:
            break
        ours.orders.clear()
        for number in order:
            iterations[number] += 1
            metric = curves[number][iterations[number] - 1]
            if ours.report(number, iterations[number], metric) == "pause":
                ours.paused(number)
            if rays.report(number, iterations[number], metric) == "PAUSE":
                rays.trials[number].status = "PAUSED"
        mine = sorted((one["exploit"], one["source"]) for one in ours.orders)
        its = sorted((trial.number, trial.config["source"]) for trial in rays.trials
                     if trial.config["source"] != trial.number)
        tally.add(mine == its, bool(its), lambda: f"seed {seed}, step {step}: exploits {mine}, Ray's {its}")
        if mine != its:
            break
        for number, source in its:
            rays.trials[number].config["source"] = number
            iterations[number] = iterations[source] if synch else scheduler._trial_state[rays.trials[source]].last_train_time
        while ours.next(False) is not None:
            pass
        for trial in rays.trials:
            trial.status = "RUNNING"
    ours.close()


def comparisons():
    """(how to compare, our name, our parameters, Ray's scheduler as a factory)."""
    from ray.tune import schedulers
    from ray.tune.schedulers.pb2 import PB2
    goal = {"metric": "accuracy", "mode": "max"}
    by_iteration = {"time_attr": "training_iteration"}
    for factor in (2, 3, 4):
        for stop_last in (True, False):
            given = {"max_t": LENGTH, "grace_period": 2, "reduction_factor": factor, "stop_last_trials": stop_last}
            yield compare_stopping, "asynchyperband", given, \
                lambda given=given: schedulers.AsyncHyperBandScheduler(**by_iteration, **given, **goal)
    for samples in (1, 3):
        given = {**by_iteration, "grace_period": 3, "min_samples_required": samples}
        yield compare_stopping, "median_stopping", given, \
            lambda given=given: schedulers.MedianStoppingRule(**given, **goal)
    for factor in (2, 3):
        given = {"max_t": LENGTH, "reduction_factor": factor}
        yield compare_halving, "hyperband", given, \
            lambda given=given: schedulers.HyperBandScheduler(**by_iteration, **given, **goal)
        yield compare_halving, "bohbhyperband", given, \
            lambda given=given: schedulers.HyperBandForBOHB(**by_iteration, **given, **goal)
    for synch, burn_in in ((False, 0), (False, 5), (True, 0), (True, 5)):
        given = {**by_iteration, "perturbation_interval": 2, "synch": synch, "burn_in_period": burn_in}
        yield compare_populations, "pbt", given, lambda given=given: schedulers.PopulationBasedTraining(
            **given, **goal, hyperparam_mutations={"x": [0.5]}, log_config=False)
    for synch in (False, True):
        given = {**by_iteration, "perturbation_interval": 2, "synch": synch}
        yield compare_populations, "pb2", given, lambda given=given: PB2(
            **given, **goal, hyperparam_bounds={"x": [0.0, 1.0]}, log_config=False)


def compare(server, cases, chosen):
    import logging
    import warnings
    import ray
    logging.disable(logging.WARNING)
    warnings.simplefilter("ignore")  # NumPy's of rungs with nothing but NaN, scikit-learn's in PB2
    print(f"Ray {ray.__version__}, {cases} cases a line\n\n| scheduler | parameters | decisions | of these, to stop, pause "
          "or exploit | equal |\n|---|---|---|---|---|")
    differences = 0
    for how, name, parameters, make in comparisons():
        if chosen and name not in chosen:
            continue
        tally = Tally()
        for seed in range(cases):
            how(server, name, parameters, make(), seed, tally)
        given = ", ".join(f"{key} {json.dumps(value)}" for key, value in parameters.items() if key != "time_attr")
        print(f"| {name} | {given} | {tally.decisions} | {tally.acts} | {tally.equal} |", flush=True)
        print("".join(f"  {line}\n" for line in tally.differences[:5]), end="", file=sys.stderr, flush=True)
        differences += len(tally.differences)
    return 1 if differences else 0


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--server", required=True, type=lambda path: str(pathlib.Path(path).resolve()))
    parser.add_argument("--ray", help="interpreter with ray[tune]")
    parser.add_argument("--cases", type=int, default=100)
    parser.add_argument("--schedulers", nargs="*", default=[])
    options = parser.parse_args()
    try:
        import ray.tune  # noqa: F401
    except ImportError:
        if "HPOGRID_WITH_RAY" in os.environ:  # this is that interpreter, and its Ray is broken
            raise
        with rays_python(options.ray) as python:
            arguments = [python, __file__, "--server", options.server, "--cases", str(options.cases),
                         "--schedulers", *options.schedulers]
            sys.exit(subprocess.run(arguments, env=dict(os.environ, HPOGRID_WITH_RAY="1")).returncode)
    sys.exit(compare(options.server, options.cases, options.schedulers))


if __name__ == "__main__":
    main()
