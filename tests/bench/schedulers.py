"""Compares schedulers on the digits task: training epochs and wall time until an accuracy is reached.

    tests/bench/schedulers.py --engine build/release/bin/hpogrid-engine [--ray PYTHON] [--seeds 3]

All have the same trials from the same seeds, at most the same epochs each, and three workers. --ray names an interpreter
with ray[tune], torch and scikit-learn, which then trains the same network under Ray's own schedulers.
"""
import argparse
import json
import os
import pathlib
import statistics
import subprocess
import sys
import tempfile
import time

ROOT = pathlib.Path(__file__).resolve().parents[2]
MOST_EPOCHS = 27
TRIALS = 24
SPACE = {"lr": {"method": "loguniform", "dimension": {"low": 1e-4, "high": 0.1}}}

SCRIPT = '''
import os
import torch
from ray import tune
from sklearn.datasets import load_digits

class Digits(tune.Trainable):
    def setup(self, config):
        pixels, labels = load_digits(return_X_y=True)
        self.x, self.y = torch.tensor(pixels / 16.0, dtype=torch.float32), torch.tensor(labels)
        self.lr = config["lr"]
        self.model = torch.nn.Sequential(torch.nn.Linear(64, 64), torch.nn.ReLU(), torch.nn.Linear(64, 10))
        self.optimizer = torch.optim.SGD(self.model.parameters(), lr=self.lr)

    def step(self):
        for rows in torch.randperm(1200).split(50):
            self.optimizer.zero_grad()
            torch.nn.functional.cross_entropy(self.model(self.x[rows]), self.y[rows]).backward()
            self.optimizer.step()
        with torch.no_grad():
            accuracy = (self.model(self.x[1200:]).argmax(dim=1) == self.y[1200:]).float().mean().item()
        return {"accuracy": accuracy}

    def save_checkpoint(self, folder):
        torch.save([self.model.state_dict(), self.optimizer.state_dict()], os.path.join(folder, "state.pt"))

    def load_checkpoint(self, folder):
        model, optimizer = torch.load(os.path.join(folder, "state.pt"))
        self.model.load_state_dict(model)
        self.optimizer.load_state_dict(optimizer)
        for group in self.optimizer.param_groups:
            group["lr"] = self.lr
'''

RAY = '''
import json, logging, sys, time
import ray
from ray import tune
from ray.tune import schedulers
sys.path.insert(0, sys.argv[1])
from digits import Digits
name, seed, trials, epochs = sys.argv[2], int(sys.argv[3]), int(sys.argv[4]), int(sys.argv[5])
attribute = dict(time_attr="training_iteration")
made = {
    "none": lambda: None,
    "asynchyperband": lambda: schedulers.AsyncHyperBandScheduler(max_t=epochs, reduction_factor=3, **attribute),
    "bohbhyperband": lambda: schedulers.HyperBandForBOHB(max_t=epochs, reduction_factor=3, **attribute),
    "hyperband": lambda: schedulers.HyperBandScheduler(max_t=epochs, reduction_factor=3, **attribute),
    "pbt": lambda: schedulers.PopulationBasedTraining(perturbation_interval=3,
                                                      hyperparam_mutations={"lr": tune.loguniform(1e-4, 0.1)}, **attribute),
}[name]()
import numpy, random
random.seed(seed); numpy.random.seed(seed)
ray.init(num_cpus=3, include_dashboard=False, logging_level=logging.ERROR, log_to_driver=False)
curve, begin = [], time.time()
class Watch(tune.Callback):
    def on_trial_result(self, iteration, trials, trial, result, **info):
        curve.append((time.time() - begin, result["accuracy"]))
tuner = tune.Tuner(Digits, param_space={"lr": tune.loguniform(1e-4, 0.1)},
                   tune_config=tune.TuneConfig(metric="accuracy", mode="max", num_samples=trials, scheduler=made),
                   run_config=tune.RunConfig(stop={"training_iteration": epochs}, callbacks=[Watch()], verbose=0))
tuner.fit()
print(json.dumps(curve))
'''

PARAMETERS = {
    "none": {},
    "asynchyperband": {"max_t": MOST_EPOCHS, "reduction_factor": 3},
    "hyperband": {"max_t": MOST_EPOCHS, "reduction_factor": 3},
    "bohbhyperband": {"max_t": MOST_EPOCHS, "reduction_factor": 3},
    "pbt": {"time_attr": "training_iteration", "perturbation_interval": 3},
}


def run_hpogrid(engine, scheduler, seed, folder):
    """[(seconds since the start, accuracy)] of every epoch, in order."""
    import h5py
    project = {
        "project_name": "bench", "scripts_path": str(folder),
        "model_config": {"script": "digits.py", "model": "Digits"}, "search_space": SPACE,
        "hpo_config": {"algorithm": "random", "scheduler": scheduler, "scheduler_param": PARAMETERS[scheduler],
                       "metric": "accuracy", "mode": "max", "num_trials": TRIALS, "seed": seed,
                       "stop": {"training_iteration": MOST_EPOCHS}},
    }
    path = folder / "project.json"
    path.write_text(json.dumps(project))
    results = folder / "results.h5"
    begin = time.time()
    subprocess.run([str(ROOT / "jobs/run-engine"), "4", str(path), "-o", str(results), "--overwrite", "--progress", "none"],
                   check=True, stdout=subprocess.DEVNULL, env=dict(os.environ, HPOGRID_ENGINE=str(engine)))
    with h5py.File(results) as file:
        times, scores = file["reports/time"][:], file["reports/metrics/accuracy"][:]
    return sorted(zip((times - begin).tolist(), scores.tolist()))


def run_ray(python, scheduler, seed, folder):
    (folder / "compare.py").write_text(RAY)
    answer = subprocess.run([python, str(folder / "compare.py"), str(folder), scheduler, str(seed), str(TRIALS),
                             str(MOST_EPOCHS)], capture_output=True, text=True)
    if answer.returncode != 0:
        print(f"Ray's {scheduler} failed: {answer.stderr.strip().splitlines()[-1:]}", file=sys.stderr)
        return []
    return json.loads(answer.stdout.strip().splitlines()[-1])


def reached(curve, target):
    """(epochs, seconds) until the target, nothing if it was not reached."""
    for epochs, (seconds, accuracy) in enumerate(curve, 1):
        if accuracy >= target:
            return epochs, seconds
    return None


def describe(name, curves, target):
    hits = [hit for hit in (reached(curve, target) for curve in curves) if hit]
    if not curves or not all(curves):
        return f"| {name} | – | – | – | – |"
    total = statistics.median(len(curve) for curve in curves)
    wall = statistics.median(curve[-1][0] for curve in curves)
    best = statistics.median(max(accuracy for _, accuracy in curve) for curve in curves)
    when = f"{statistics.median(e for e, _ in hits):.0f} epochs, {statistics.median(s for _, s in hits):.1f} s" if hits else "–"
    return f"| {name} | {when} ({len(hits)}/{len(curves)}) | {total:.0f} | {wall:.1f} s | {best:.4f} |"


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--engine", required=True)
    parser.add_argument("--ray", help="interpreter with ray[tune]")
    parser.add_argument("--seeds", type=int, default=3)
    parser.add_argument("--target", type=float, default=0.9)
    parser.add_argument("--schedulers", nargs="*", default=list(PARAMETERS))
    arguments = parser.parse_args()
    print(f"| scheduler | until accuracy {arguments.target} | epochs in all | wall time | best accuracy |\n|---|---|---|---|---|")
    for scheduler in arguments.schedulers:
        with tempfile.TemporaryDirectory() as name:
            folder = pathlib.Path(name)
            (folder / "digits.py").write_text(SCRIPT)
            curves = [run_hpogrid(pathlib.Path(arguments.engine).resolve(), scheduler, seed, folder)
                      for seed in range(arguments.seeds)]
            print(describe("hpogrid " + scheduler, curves, arguments.target), flush=True)
            if arguments.ray:
                curves = [run_ray(arguments.ray, scheduler, seed, folder) for seed in range(arguments.seeds)]
                print(describe("Ray " + scheduler, curves, arguments.target), flush=True)


if __name__ == "__main__":
    main()
