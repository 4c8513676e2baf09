"""The whole benchmark with the engine's samplers, killed and continued."""
import collections
import contextlib
import io
import os
import pathlib
import signal
import subprocess
import sys
import tempfile
import time
import unittest

from quality import command_line
from quality.store import Store
from quality.suite import tabular

SERVER = os.environ["HPOGRID_OPTIMIZER_SERVER"]
TASKS = ["branin_log", "conditional_kernels6", "failing_corner4"]


class Benchmark(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = pathlib.Path(folder.name)
        # Nothing is to be installed in a unit test.
        environment = dict(os.environ)
        os.environ[tabular.FOLDER] = str(self.folder / "none")
        self.addCleanup(lambda: (os.environ.clear(), os.environ.update(environment)))

    def options(self, *more):
        return ["--server", SERVER, "--environments", str(self.folder / "environments"), "--store",
                str(self.folder / "store"), "--optimizers", "random", "sobol", "--tasks", *TASKS, "--jobs", "1", *more]

    def run_benchmark(self, *more):
        """What it printed, and how many studies it ran."""
        printed, said = io.StringIO(), io.StringIO()
        with contextlib.redirect_stdout(printed), contextlib.redirect_stderr(said):
            command_line.main(self.options(*more))
        return printed.getvalue(), sum(" left" in line for line in said.getvalue().splitlines())

    def records(self):
        return list(Store(self.folder / "store").all_runs())

    def test_runs_what_is_missing_and_nothing_twice(self):
        sizes = ("--trials", "5,20", "--workers", "1,3")
        self.assertEqual(self.run_benchmark("--seeds", "1", *sizes)[1], 2 * 3 * 2)
        self.assertEqual(self.run_benchmark("--seeds", "2", *sizes)[1], 2 * 3 * 2)
        self.assertEqual(self.run_benchmark("--seeds", "2", *sizes)[1], 0)
        self.assertEqual({len(record["run"]["true"]) for record in self.records()}, {20})

    def test_prints_every_part_of_the_report(self):
        printed, _ = self.run_benchmark("--seeds", "3", "--trials", "10", "--workers", "2", "--losing", "random")
        for part in ("Normalised regret, median over seeds, T = 10, W = 2", "Mean rank [95 % bootstrap interval]",
                     "T=10 W=2 (3 tasks, 9 pairs)", "Cells in which random loses", "of 3 cells", "Faithful", "gave up"):
            self.assertIn(part, printed)
        self.assertEqual(self.run_benchmark("--seeds", "3", "--trials", "10", "--workers", "2", "--losing", "random",
                                            "--report"), (printed, 0))

    def test_jobs_in_parallel_find_the_same(self):
        self.run_benchmark("--seeds", "2", "--trials", "8", "--workers", "2")
        alone = {key(record): record["run"]["true"] for record in self.records()}
        (self.folder / "store").rename(self.folder / "alone")
        self.run_benchmark("--seeds", "2", "--trials", "8", "--workers", "2", "--jobs", "2")
        self.assertEqual({key(record): record["run"]["true"] for record in self.records()}, alone)

    def test_goes_on_after_it_was_killed(self):
        command = [sys.executable, "-B", "-m", "quality", *self.options("--seeds", "40", "--trials", "60")]
        environment = {**os.environ, "PYTHONPATH": str(pathlib.Path(__file__).resolve().parent.parent)}
        benchmark = subprocess.Popen(command, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        until = time.monotonic() + 60
        while len(self.records()) < 5 and time.monotonic() < until:
            time.sleep(0.02)
        benchmark.send_signal(signal.SIGKILL)
        benchmark.wait()
        before = self.records()
        self.assertLess(len(before), 40 * 2 * 3 * 2)
        wanted = 4 * 2 * 3 * 2
        _, ran = self.run_benchmark("--seeds", "4", "--trials", "60")
        places = collections.Counter(key(record) for record in self.records())
        self.assertEqual(set(places.values()), {1})
        self.assertGreaterEqual(len(places), wanted)
        self.assertEqual(ran, len(places) - len(before))

    def test_an_unknown_name_is_refused_with_the_known_ones(self):
        for option, name in (("--optimizers", "randon"), ("--tasks", "branin")):
            with self.assertRaisesRegex(SystemExit, f"'{name}' is unknown, allowed: .*"):
                command_line.main([*self.options(), option, name])


def key(record):
    return record["optimizer"], record["task"], record["workers"], record["seed"], record["trials"]


if __name__ == "__main__":
    unittest.main()
