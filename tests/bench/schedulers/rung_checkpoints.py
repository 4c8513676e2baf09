"""Trials a second of no-op classes that save a checkpoint at each rung, beside the same without saving.

    tests/bench/schedulers/rung_checkpoints.py --engine build/release/bin/hpogrid-engine [--trials 600] [--rounds 3]

Rates are of the middle 80 % of a study's trials, with three workers; settings alternate, and the table has medians.
"""
import argparse
import json
import os
import pathlib
import statistics
import subprocess
import tempfile

ROOT = pathlib.Path(__file__).resolve().parents[3]

SCRIPT = '''
from hpogrid import Trainable

class Noop(Trainable):
    def setup(self, config):
        self.loss = config["x"]
    def step(self):
        return {{"loss": self.loss}}
    def save_checkpoint(self, folder):
        with open(folder + "/state", "w") as state:
            state.write(str(self.loss))
    def load_checkpoint(self, folder):
        pass
    def reset_config(self, config):
        self.setup(config)
        return {reuses}
'''

ASHA = ("asynchyperband", {"max_t": 9, "reduction_factor": 3})
# Label: ((scheduler, parameters), checkpoints to keep, whether an object trains many trials).
SETTINGS = {
    "none, one report": (("none", {}), 0, False),
    "asynchyperband, nothing saved": (ASHA, 0, False),
    "asynchyperband, saved at rungs": (ASHA, 1, False),
    "none, one report, reset_config": (("none", {}), 0, True),
    "asynchyperband, nothing saved, reset_config": (ASHA, 0, True),
    "asynchyperband, saved at rungs, reset_config": (ASHA, 1, True),
}


def study(engine, setting, trials, folder):
    """(trials a second, reports a second)."""
    import h5py
    (scheduler, parameters), kept, reuses = SETTINGS[setting]
    (folder / "noop.py").write_text(SCRIPT.format(reuses=reuses))
    project = {
        "project_name": "bench", "scripts_path": str(folder), "model_config": {"script": "noop.py", "model": "Noop"},
        "search_space": {"x": {"method": "uniform", "dimension": {"low": 0, "high": 1}}},
        "hpo_config": {"algorithm": "random", "scheduler": scheduler, "scheduler_param": parameters, "metric": "loss",
                       "mode": "min", "num_trials": trials, "seed": 1, "keep_checkpoints": kept,
                       "stop": {"training_iteration": 1 if scheduler == "none" else 9}},
    }
    (folder / "project.json").write_text(json.dumps(project))
    subprocess.run([ROOT / "jobs/run-engine", "4", folder / "project.json", "-o", folder / "results.h5", "--progress",
                    "none"], check=True, stdout=subprocess.DEVNULL, env=dict(os.environ, HPOGRID_ENGINE=engine))
    with h5py.File(folder / "results.h5") as file:
        return [middle_rate(sorted(file[name][:])) for name in ("trials/ended", "reports/time")]


def middle_rate(times):
    low, high = len(times) // 10, len(times) * 9 // 10
    return (high - low) / (times[high] - times[low])


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--engine", required=True, type=lambda path: str(pathlib.Path(path).resolve()))
    parser.add_argument("--trials", type=int, default=600)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--settings", nargs="*", default=list(SETTINGS), choices=list(SETTINGS))
    options = parser.parse_args()
    rates = {setting: [] for setting in options.settings}
    for _ in range(options.rounds):
        for setting, found in rates.items():
            with tempfile.TemporaryDirectory(prefix="hpogrid-bench-") as name:
                found.append(study(options.engine, setting, options.trials, pathlib.Path(name)))
    print("| class trainable | trials a second | reports a second |\n|---|---|---|")
    for setting, found in rates.items():
        print(f"| {setting} | {statistics.median(one for one, _ in found):.0f} "
              f"| {statistics.median(one for _, one in found):.0f} |")


if __name__ == "__main__":
    main()
