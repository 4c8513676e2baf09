"""Compares the decisions of our schedulers with those of the real Ray Tune, report by report, on the same curves.

    tests/bench/scheduler_fidelity.py --server build/release/bin/scheduler_server [--ray PYTHON] [--cases 100]

Ray is taken from the interpreter PYTHON; without one, it is installed from PyPI into a virtual environment that is
removed again. Exit status 1 and a line for each difference.
"""
import argparse
import json
import math
import os
import pathlib
import random
import subprocess
import sys
import tempfile
import types
import venv

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


def curves_of(seed, trials, nan_rate):
    """Learning curves in eighths: many ties, and sums without rounding."""
    draw = random.Random(seed)
    curves = []
    for _ in range(trials):
        end = draw.random()
        curves.append([math.nan if draw.random() < nan_rate else
                       round(8 * end * (1 - math.exp(-i / 3)) + draw.random()) / 8 for i in range(1, LENGTH + 1)])
    return curves


def compare_stopping(server, name, parameters, scheduler, seed):
    """Trials report in a random order; both must decide the same of each report."""
    trials, draw = 20, random.Random(seed)
    # What Ray takes for the best of scores with NaN among them depends on their order.
    curves = curves_of(seed, trials, 0.0 if name == "median_stopping" else 0.1)
    ours, rays = Ours(server, name, parameters, trials, seed), RaysController(scheduler, trials)
    for trial in rays.trials:
        trial.status = "RUNNING"
    running, iterations, decisions = list(range(trials)), [0] * trials, 0
    while running:
        number = draw.choice(running)
        iterations[number] += 1
        metric = curves[number][iterations[number] - 1]
        mine = "CONTINUE" if ours.report(number, iterations[number], metric) == "proceed" else "STOP"
        its = rays.report(number, iterations[number], metric)
        decisions += 1
        if mine != its:
            yield f"{name} {parameters}, seed {seed}: trial {number} at {iterations[number]}: {mine}, Ray's {its}"
            break
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


def compare_halving(server, name, parameters, scheduler, seed):
    # Without NaN, whose place Ray leaves to the sorting.
    curves = curves_of(seed, 5 + seed % 40, 0.0)
    ours, rays = halve_ours(server, name, parameters, curves, seed), halve_rays(scheduler, curves, seed + 1)
    if ours != rays:
        yield f"{name} {parameters}, seed {seed}: iterations {ours}, Ray's {rays}"


def compare_populations(server, name, parameters, scheduler, seed):
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
        if mine != its:
            yield f"{name} {parameters}, seed {seed}, step {step}: exploits {mine}, Ray's {its}"
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
    for synch in (False, True):
        given = {**by_iteration, "perturbation_interval": 2, "synch": synch}
        yield compare_populations, "pbt", given, lambda given=given: schedulers.PopulationBasedTraining(
            **given, **goal, hyperparam_mutations={"x": [0.5]}, log_config=False)


def compare(server, cases):
    import logging
    import warnings
    logging.disable(logging.WARNING)
    warnings.simplefilter("ignore", RuntimeWarning)  # NumPy's, of rungs with nothing but NaN
    differences = 0
    for how, name, parameters, make in comparisons():
        found = [line for seed in range(cases) for line in how(server, name, parameters, make(), seed)]
        print(f"{name} {json.dumps(parameters)}: {cases} cases, {len(found)} differ", flush=True)
        print("".join(f"  {line}\n" for line in found[:5]), end="", flush=True)
        differences += len(found)
    return 1 if differences else 0


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--server", required=True, type=lambda path: str(pathlib.Path(path).resolve()))
    parser.add_argument("--ray", help="interpreter with ray[tune]")
    parser.add_argument("--cases", type=int, default=100)
    options = parser.parse_args()
    try:
        import ray.tune  # noqa: F401
    except ImportError:
        arguments = [__file__, "--server", options.server, "--cases", str(options.cases)]
        if options.ray:
            os.execv(options.ray, [options.ray, *arguments])
        with tempfile.TemporaryDirectory(prefix="hpogrid-ray-") as folder:
            venv.create(folder, with_pip=True)
            python = f"{folder}/bin/python"
            subprocess.run([python, "-m", "pip", "install", "--quiet", "ray[tune]"], check=True)
            sys.exit(subprocess.run([python, *arguments]).returncode)
    sys.exit(compare(options.server, options.cases))


if __name__ == "__main__":
    main()
