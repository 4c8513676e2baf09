"""Overheads of the engine, measured on the real programs: one table. See tests/bench/run."""
import argparse
import json
import os
import pathlib
import statistics
import subprocess
import sys
import tempfile
import time
import venv

HERE = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent / "support"))
import process_table  # noqa: E402

PLAIN = "def objective(config, reporter):\n    reporter(loss=config['x'])\n"
TORCH = "import torch\n" + PLAIN
SLEEPER = "import torch\nimport time\n\ndef objective(config, reporter):\n    time.sleep(1.0)\n    reporter(loss=config['x'])\n"
FRESH = "import torch\nprint('{\"loss\": 0.5}')\n"


def project(folder, script, script_name, model, trials):
    (folder / "scripts").mkdir(parents=True)
    if isinstance(script, str):
        (folder / "scripts" / script_name).write_text(script)
    else:
        os.symlink(script, folder / "scripts" / script_name)
    config = {
        "project_name": "bench", "scripts_path": "scripts",
        "model_config": {"script": script_name, "model": model},
        "search_space": {"x": {"method": "uniform", "dimension": {"low": 0, "high": 1}},
                         "y": {"method": "loguniform", "dimension": {"low": 1e-5, "high": 1}}},
        "hpo_config": {"algorithm": "random", "scheduler": None, "metric": "loss", "mode": "min",
                       "num_trials": trials, "stop": {}, "seed": 1},
        "grid_config": {},
    }
    (folder / "project.json").write_text(json.dumps(config))
    return folder / "project.json"


def study(engine, script, script_name, model, trials, ranks):
    """Runs one study; answers the trials' (worker, started, ended), sorted by start."""
    import h5py
    with tempfile.TemporaryDirectory(prefix="hpogrid-bench-") as name:
        folder = pathlib.Path(name)
        status, output = engine.run([project(folder, script, script_name, model, trials), "-o", folder / "results.h5",
                                     "--progress", "none"], ranks=ranks, cwd=folder, timeout=900)
        if status != 0:
            raise SystemExit(f"the engine ended with status {status}:\n{output}")
        with h5py.File(folder / "results.h5") as file:
            table = file["trials"]
            assert set(table["state"].asstr()[:]) == {"completed"}
            rows = zip(table["worker"][:], table["started"][:], table["ended"][:])
            return sorted((float(start), float(end), int(worker)) for worker, start, end in rows)


def rate(rows):
    """Trials a second over the middle 80 % of the run, so that starting up does not count."""
    ends = sorted(end for _, end, _ in rows)
    low, high = len(ends) // 10, len(ends) * 9 // 10
    return (high - low) / (ends[high] - ends[low])


def gaps(rows):
    """Seconds between the end of a worker's trial and the start of its next."""
    last, found = {}, []
    for start, end, worker in rows:
        if worker in last:
            found.append(start - last[worker])
        last[worker] = end
    return sorted(found)


def percentile(values, share):
    return values[min(len(values) - 1, int(share * len(values)))]


def fresh_interpreter_seconds(script):
    times = []
    for _ in range(5):
        began = time.monotonic()
        subprocess.run([os.environ["HPOGRID_PYTHON"], "-c", script], check=True, stdout=subprocess.DEVNULL)
        times.append(time.monotonic() - began)
    return statistics.median(times)


def waiting_cpu_share(engine):
    """CPU share of each rank while a single long trial runs and all others wait."""
    with tempfile.TemporaryDirectory(prefix="hpogrid-bench-") as name:
        folder = pathlib.Path(name)
        script = "import time\n\ndef objective(config, reporter):\n    time.sleep(12)\n    reporter(loss=1)\n"
        process = engine.start([project(folder, script, "script.py", "objective", 1), "-o", folder / "results.h5",
                                "--progress", "none"], ranks=4, cwd=folder)
        ranks = engine.wait_until(lambda: len(engine.rank_processes(process.pid)) == 4 and
                                  engine.rank_processes(process.pid), what="four ranks")
        time.sleep(3)
        before = {rank: cpu_seconds(pid) for rank, pid in ranks.items()}
        time.sleep(6)
        shares = {rank: (cpu_seconds(pid) - before[rank]) / 6 for rank, pid in ranks.items()}
        process.communicate(timeout=60)
        return shares


def cpu_seconds(pid):
    fields = (process_table.folder_of(pid) / "stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


OPTUNA = r"""
import sys, time
import optuna
optuna.logging.set_verbosity(optuna.logging.ERROR)
storage = sys.argv[1]
trials = int(sys.argv[2])
study = optuna.create_study(sampler=optuna.samplers.RandomSampler(seed=1),
                            storage=None if storage == "memory" else storage, study_name="bench")
began = time.monotonic()
study.optimize(lambda trial: trial.suggest_float("x", 0, 1) + 0 * trial.suggest_float("y", 1e-5, 1, log=True),
               n_trials=trials, n_jobs=1)
print(trials / (time.monotonic() - began))
"""

# Three trials at a time, as for us; the middle of the run, so that starting up does not count.
RAY = r"""
import sys, time
import ray
from ray import tune
ends = []

class Ends(tune.Callback):
    def on_trial_complete(self, **info):
        ends.append(time.monotonic())

def objective(config):
    tune.report({"loss": config["x"]})

ray.init(num_cpus=3, include_dashboard=False, logging_level="ERROR")
tune.Tuner(objective, param_space={"x": tune.uniform(0, 1), "y": tune.loguniform(1e-5, 1)},
           tune_config=tune.TuneConfig(metric="loss", mode="min", num_samples=int(sys.argv[1]),
                                       max_concurrent_trials=3),
           run_config=tune.RunConfig(storage_path=sys.argv[2], verbose=0, callbacks=[Ends()])).fit()
low, high = len(ends) // 10, len(ends) * 9 // 10
print((high - low) / (ends[high] - ends[low]))
"""


class Peer:
    """A package from PyPI in a virtual environment of its own."""

    def __init__(self, folder, package):
        venv.create(folder, with_pip=True)
        self.python = f"{folder}/bin/python"
        self.package = package
        command = [self.python, "-m", "pip", "install", "--quiet", package]
        self.installed = subprocess.run(command, capture_output=True, text=True).returncode == 0

    def rate(self, program, *arguments):
        """Trials a second, the last line that `program` prints, as text."""
        if not self.installed:
            return "not installed (PyPI could not be reached)"
        ended = subprocess.run([self.python, "-c", program, *arguments], capture_output=True, text=True)
        if ended.returncode != 0:
            return "failed: " + (ended.stderr.strip().splitlines() or ["no message"])[-1]
        return f"{float(ended.stdout.strip().splitlines()[-1]):,.1f}"


def peers():
    with tempfile.TemporaryDirectory(prefix="hpogrid-peers-") as folder:
        optuna = Peer(f"{folder}/optuna", "optuna")
        yield "Optuna no-op trials a second: one process, in memory", optuna.rate(OPTUNA, "memory", "5000")
        yield "Optuna no-op trials a second: one process, SQLite", \
            optuna.rate(OPTUNA, f"sqlite:///{folder}/bench.db", "300")
        ray = Peer(f"{folder}/ray", "ray[tune]")
        yield "Ray Tune no-op trials a second: 3 at a time", ray.rate(RAY, "60", f"{folder}/results")


def rows_of(engine, build, plugin_trials):
    plugin = (build / "lib/libnoop_plugin.so").resolve()
    noop = study(engine, plugin, "noop.so", "model", plugin_trials, 4)
    noop_gaps = gaps(noop)
    yield "(a) no-op plug-in trials a second, 3 workers", f"{rate(noop):,.0f}"
    yield "(c) idle gap, no-op plug-in: median, p99", \
        f"{1e6 * statistics.median(noop_gaps):.0f} us, {1e6 * percentile(noop_gaps, 0.99):.0f} us"
    plain = study(engine, PLAIN, "script.py", "objective", 1500, 4)
    yield "(b) no-op Python trials a second, plain script, 3 workers", f"{rate(plain):,.0f}"
    torch = study(engine, TORCH, "script.py", "objective", 300, 4)
    fresh = fresh_interpreter_seconds(FRESH)
    yield "(b) no-op Python trials a second, import torch, 3 workers", f"{rate(torch):,.1f}"
    yield "(b) one fresh interpreter with import torch", f"{fresh:.2f} s"
    one = study(engine, TORCH, "script.py", "objective", 150, 2)
    yield "(b) trials of one worker against a fresh interpreter each", f"{rate(one) * fresh:.0f} x"
    seconds = study(engine, SLEEPER, "script.py", "objective", 12, 2)
    second_gaps = gaps(seconds)
    yield "(b, c) idle gap, 1 s trials with torch: median, worst", \
        f"{1e3 * statistics.median(second_gaps):.2f} ms, {1e3 * second_gaps[-1]:.2f} ms"
    shares = waiting_cpu_share(engine)
    yield "(d) CPU share of a waiting rank: controller, worst worker", \
        f"{100 * shares[0]:.1f} %, {100 * max(share for rank, share in shares.items() if rank):.1f} %"
    for name, argument in (("bench_results_file", "100000"), ("bench_study_memory", "1000000")):
        output = subprocess.run([build / "bin" / name, argument], capture_output=True, text=True, check=True).stdout
        for line in output.strip().splitlines():
            label, _, value = line.partition(": ")
            yield label, value


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--build", type=pathlib.Path, required=True)
    parser.add_argument("--peers", action="store_true", help="measure Optuna and Ray Tune from PyPI in the same run")
    parser.add_argument("--plugin-trials", type=int, default=100000)
    options = parser.parse_args()
    os.environ.setdefault("HPOGRID_PYTHON", sys.executable)
    os.environ["HPOGRID_ENGINE"] = str((options.build / "bin/hpogrid-engine").resolve())
    import engine
    for label, value in rows_of(engine, options.build, options.plugin_trials):
        print(f"{label:<62} {value}", flush=True)
    for label, value in peers() if options.peers else ():
        print(f"{label:<62} {value}", flush=True)


if __name__ == "__main__":
    main()
