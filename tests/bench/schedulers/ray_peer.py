"""Ray Tune's part of time_to_accuracy.py: reads {"folder", "scheduler", "parameters", "points", "epochs", "budget"} as
JSON from standard input, prints the time at which tuning began as its last line."""
import json
import logging
import os
import sys
import time

os.environ.setdefault("RAY_AIR_NEW_OUTPUT", "0")
import ray  # noqa: E402
from ray import tune  # noqa: E402
from ray.tune import schedulers  # noqa: E402
from ray.tune.search import BasicVariantGenerator, Searcher  # noqa: E402

MADE = {
    "none": lambda **_: None,
    "asynchyperband": schedulers.AsyncHyperBandScheduler,
    "hyperband": schedulers.HyperBandScheduler,
    "bohbhyperband": schedulers.HyperBandForBOHB,
    "pbt": schedulers.PopulationBasedTraining,
}


class GivenPoints(Searcher):
    """HyperBandForBOHB wants a searcher that can be told of pauses, which Ray's generator of points is not."""

    def __init__(self, points):
        super().__init__(metric="accuracy", mode="max")
        self._points = iter(points)

    def suggest(self, trial_id):
        return next(self._points, self.FINISHED)

    def on_trial_complete(self, trial_id, result=None, error=False):
        pass

    def on_pause(self, trial_id):
        pass

    def on_unpause(self, trial_id):
        pass


class Budget(tune.Stopper):
    """Ends a trial after its epochs, and all after the budget."""

    def __init__(self, epochs, budget):
        self._epochs, self._left = epochs, budget

    def __call__(self, trial_id, result):
        self._left -= 1
        return result["training_iteration"] >= self._epochs

    def stop_all(self):
        return self._left <= 0


def main():
    task = json.load(sys.stdin)
    os.environ["PYTHONPATH"] = os.pathsep.join([task["folder"], os.environ.get("PYTHONPATH", "")])
    sys.path.insert(0, task["folder"])
    from digits import Digits
    ray.init(num_cpus=3, include_dashboard=False, logging_level=logging.ERROR, log_to_driver=False)
    parameters, points = dict(task["parameters"]), task["points"]
    if task["scheduler"] == "pbt":
        parameters["hyperparam_mutations"] = {name: getattr(tune, method)(low, high) for name, (method, low, high)
                                              in parameters["hyperparam_mutations"].items()}
    scheduler = MADE[task["scheduler"]](**parameters)
    search = (GivenPoints(points) if task["scheduler"] == "bohbhyperband" else
              BasicVariantGenerator(points_to_evaluate=points))
    # All points are given.
    space = {} if task["scheduler"] == "bohbhyperband" else {name: tune.uniform(0, 1) for name in points[0]}
    began = time.time()
    results = tune.Tuner(Digits, param_space=space,
                         tune_config=tune.TuneConfig(metric="accuracy", mode="max", num_samples=len(points),
                                                     scheduler=scheduler, search_alg=search, reuse_actors=True),
                         run_config=tune.RunConfig(stop=Budget(task["epochs"], task["budget"]), verbose=0,
                                                   storage_path=task["folder"] + "/ray")).fit()
    if results.errors:
        raise SystemExit(f"{len(results.errors)} trials failed: {results.errors[0]}")
    print(began)


if __name__ == "__main__":
    main()
