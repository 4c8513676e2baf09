"""Starts the real hpogrid-engine under the real mpirun for integration and fault tests."""
import json
import os
import pathlib
import shutil
import signal
import subprocess
import tempfile
import time
import unittest

import option_proof
import process_table

ENGINE = os.environ.get("HPOGRID_ENGINE", "hpogrid-engine")

if shutil.which(ENGINE) is None:
    raise SystemExit(f"no engine to test: HPOGRID_ENGINE is {ENGINE!r}")

RUN_ENGINE = str(pathlib.Path(__file__).resolve().parents[2] / "jobs/run-engine")

# A trial takes a second and reports ten times.
SLOW = """
import time

def objective(config, reporter):
    for step in range(10):
        reporter(loss=config["x"])
        time.sleep(0.1)
"""


def environment(**extra):
    return dict(os.environ, **{"HPOGRID_ENGINE": ENGINE, **extra})


def command(arguments, ranks=1):
    launcher = [ENGINE] if ranks == 1 else [RUN_ENGINE, str(ranks)]
    return launcher + option_proof.without_left_out("hpogrid-engine", arguments)


def start(arguments, ranks=1, cwd=None, within=None, **extra):
    """A running engine in a process group of its own, and in the control group `within` if there is one."""
    launcher = ["sh", "-c", 'echo $$ >"$0/cgroup.procs" && exec "$@"', str(within)] if within else []
    return subprocess.Popen(launcher + command(arguments, ranks), cwd=cwd, env=environment(**extra), start_new_session=True,
                            stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)


def run(arguments, ranks=1, cwd=None, timeout=120, within=None, **extra):
    """Runs the engine to its end; answers (exit status, output)."""
    process = start(arguments, ranks, cwd, within, **extra)
    try:
        output, _ = process.communicate(timeout=timeout)
    except subprocess.TimeoutExpired:
        os.killpg(process.pid, signal.SIGKILL)
        output, _ = process.communicate()
        raise AssertionError(f"the engine did not end within {timeout} s; its output:\n{output}")
    return process.returncode, output


def rank_processes(mpirun_pid):
    """{rank: process id} of the engine's ranks below an mpirun."""
    ranks = {}
    for pid, folder in process_table.descendants(mpirun_pid).items():
        try:
            argv = (folder / "cmdline").read_bytes().split(b"\0")
            variables = (folder / "environ").read_bytes().split(b"\0")
        except OSError:
            continue
        if not argv[0].endswith(b"hpogrid-engine"):
            continue
        for variable in variables:
            if variable.startswith(b"OMPI_COMM_WORLD_RANK="):
                ranks.setdefault(int(variable.partition(b"=")[2]), pid)
    return ranks


def wait_until(condition, timeout=30, what="the condition"):
    deadline = time.monotonic() + timeout
    while time.monotonic() < deadline:
        value = condition()
        if value:
            return value
        time.sleep(0.02)
    raise AssertionError(f"{what} did not come true within {timeout} s")


class EngineTestCase(unittest.TestCase):
    """A temporary folder with a project in it."""

    def setUp(self):
        self._folder = tempfile.TemporaryDirectory(prefix="hpogrid-test-")
        self.addCleanup(self._folder.cleanup)
        self.folder = pathlib.Path(self._folder.name)
        self.results = self.folder / "results.h5"

    def write_project(self, script, model="objective", script_name="script.py", **changes):
        """Writes scripts/<script_name> and project.json; `changes` are merged into the sections they name."""
        scripts = self.folder / "scripts"
        scripts.mkdir(exist_ok=True)
        (scripts / script_name).write_text(script)
        project = {
            "project_name": "test",
            "scripts_path": "scripts",
            "model_config": {"script": script_name, "model": model, "param": {}},
            "search_space": {"x": {"method": "uniform", "dimension": {"low": 0, "high": 1}},
                             "n": {"method": "uniformint", "dimension": {"low": 1, "high": 9}}},
            "hpo_config": {"algorithm": "random", "scheduler": None, "metric": "loss", "mode": "min",
                           "num_trials": 12, "stop": {}, "seed": 7},
            "grid_config": {"site": "ANALY_TEST"},
        }
        for section, change in changes.items():
            if isinstance(project.get(section), dict) and section != "search_space":
                project[section].update(change)
            else:
                project[section] = change
        path = self.folder / "project.json"
        path.write_text(json.dumps(project))
        return path

    def read_results(self, path=None):
        """{attribute or table/column: value} of a results file."""
        import h5py
        with h5py.File(path or self.results, "r") as file:
            content = {name: _plain(value) for name, value in file.attrs.items()}
            file.visititems(lambda name, item: content.update({name: [_plain(v) for v in item[:]]})
                            if isinstance(item, h5py.Dataset) else None)
        return content

    def assert_succeeds(self, arguments, **options):
        status, output = run(arguments, cwd=self.folder, **options)
        self.assertEqual(status, 0, output)
        return output


def _plain(value):
    if isinstance(value, bytes):
        return value.decode()
    return value.item() if hasattr(value, "item") else value
