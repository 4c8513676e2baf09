"""hpogrid watch beside the real engine."""
import contextlib
import fcntl
import os
import pathlib
import pty
import signal
import struct
import subprocess
import sys
import termios
import time
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[2] / "support"))
import option_proof  # noqa: E402
import process_table  # noqa: E402
from hpogrid import HPOGRID, HpogridTestCase  # noqa: E402
from option_proof import proves  # noqa: E402

SLOW = """import time
def simple_objective(config, reporter):
    time.sleep(0.5)
    reporter(loss=config["width"])
    time.sleep(0.5)
"""


class Watch(HpogridTestCase):
    def start(self, *arguments, trials=6):
        """A study that runs, and the path of its results."""
        self.create_project(script=SLOW, trials=trials)
        process = subprocess.Popen([HPOGRID, "local_run", "simple", "--ranks", "2", "--", "--progress", "none"], cwd=self.base,
                                   env=self.environment, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
                                   stderr=subprocess.DEVNULL, start_new_session=True)
        self.addCleanup(self.stop, process)
        deadline = time.monotonic() + 60
        while not list(self.base.glob("runs/simple/*/results.h5")):
            self.assertLess(time.monotonic(), deadline)
            time.sleep(0.1)
        return process, next(self.base.glob("runs/simple/*/results.h5"))

    @staticmethod
    def stop(process):
        if process.poll() is None:
            process.terminate()
            process.wait(60)

    def test_without_a_terminal_it_prints_lines_until_the_study_ends(self):
        process, _ = self.start()
        lines = self.hpogrid("watch", "simple").splitlines()
        self.assertIn("simple: running", lines[0])
        self.assertRegex(lines[-1], r"^simple: finished, 6/6 trials, best loss [\d.]+ in trial \d")
        self.assertEqual(process.wait(60), 0)

    def test_once_shows_the_study_and_ends(self):
        process, results = self.start(trials=30)
        began = time.monotonic()
        shown = self.hpogrid("watch", results, "--once")
        self.assertLess(time.monotonic() - began, 5)
        self.assertIsNone(process.poll())
        self.assertIn("simple: minimise loss, random, running", shown)
        self.assertIn("/30 trials", shown)

    @proves("watch", "--once")
    def test_a_study_that_ran_is_shown_with_its_best_trial(self):
        self.create_project()
        self.hpogrid("local_run", "simple", "-o", "mine.h5", "--", "--progress", "none")
        shown = self.hpogrid("watch", "mine.h5")
        self.assertIn("simple: finished", shown)
        shown = self.hpogrid("watch", "mine.h5", "--once")
        self.assertRegex(shown, r"best loss [-\d.]+ in trial \d\n +height=[-\d.]+  width=[\d.]+\n")
        self.assertIn("ended last:\n    trial ", shown)

    @proves("watch", "--interval=/-i")
    def test_on_a_terminal_it_draws_over_itself_and_leaves_the_end(self):
        self.start()
        master, terminal = pty.openpty()
        fcntl.ioctl(terminal, termios.TIOCSWINSZ, struct.pack("HHHH", 24, 80, 0, 0))
        words = option_proof.without_left_out("hpogrid", ["watch", "simple", "--interval", "0.2"])
        began = time.monotonic()
        process = subprocess.Popen([HPOGRID, *words], cwd=self.base, env=self.environment, stdin=subprocess.DEVNULL,
                                   stdout=terminal, stderr=terminal)
        os.close(terminal)
        output = b""
        try:
            while chunk := os.read(master, 65536):
                output += chunk
        except OSError:
            pass  # the other end is closed
        os.close(master)
        self.assertEqual(process.wait(60), 0)
        text = output.decode()
        self.assertGreater(text.count("\x1b[J"), 2 * (time.monotonic() - began), "looks a second")
        self.assertIn("simple: minimise loss, random, finished", text.split("\x1b[J")[-1])

    def test_an_engine_that_dies_ends_it_with_status_1(self):
        process, results = self.start(trials=1000)
        watching = subprocess.Popen([HPOGRID, "watch", str(results)], cwd=self.base, env=self.environment,
                                    stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, text=True)
        self.addCleanup(watching.stdout.close)
        self.addCleanup(self.stop, watching)
        watching.stdout.readline()
        time.sleep(2)
        for victim in list(process_table.descendants(process.pid)) + [process.pid]:
            with contextlib.suppress(ProcessLookupError):
                os.kill(victim, signal.SIGKILL)
        process.wait()
        self.assertEqual(watching.wait(30), 1)
        self.assertIn("interrupted: start it again with --resume", watching.stdout.read())

    def test_what_is_no_study_is_refused(self):
        self.create_project()
        self.assertIn("no run of project 'simple' began here", self.refusal("watch", "simple"))
        self.assertIn("none.h5: there is no study here", self.refusal("watch", "none.h5"))
        self.assertIn("./: there is no study here", self.refusal("watch", "./"))
        self.assertIn("--interval", self.refusal("watch", "none.h5", "--interval", "0"))


if __name__ == "__main__":
    unittest.main()
