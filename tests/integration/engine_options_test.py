"""What each option of hpogrid-engine changes."""
import contextlib
import json
import os
import pathlib
import pty
import signal
import subprocess
import sys
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "support"))
import engine  # noqa: E402
from option_proof import proves  # noqa: E402

FAKE_NVML = os.environ.get("HPOGRID_FAKE_NVML")
ROOT = pathlib.Path(__file__).resolve().parents[2]
REPORT_X = "def objective(config, reporter):\n    reporter(loss=config['x'])\n"
SLEEP_HALF_A_SECOND = "import time\ndef objective(config, reporter):\n    time.sleep(0.5)\n    reporter(loss=0.0)\n"


class WhatRuns(engine.EngineTestCase):
    def run_study(self, script, *options, ranks=1, num_trials=3, **extra):
        """(results, output)"""
        project = self.write_project(script, hpo_config={"num_trials": num_trials})
        output = self.assert_succeeds([project, "-o", self.results, *options], ranks=ranks, **extra)
        return (self.read_results() if self.results.exists() else None), output

    @proves("hpogrid-engine", "--trials=", "--seed=")
    def test_trials_and_seed_replace_those_of_the_configuration(self):
        results, _ = self.run_study(REPORT_X, "--trials", "5", "--seed", "9")
        self.assertEqual((len(results["trials/id"]), results["seed"]), (5, 9))

    @proves("hpogrid-engine", "--output=/-o")
    def test_results_lie_where_they_are_wanted(self):
        self.run_study(REPORT_X)
        self.assertTrue(self.results.exists())
        self.assertFalse(list(self.folder.glob("other*")))
        self.assert_succeeds([self.folder / "project.json", "--output", self.folder / "other.h5"])
        self.assertTrue((self.folder / "other.h5").exists())

    @proves("hpogrid-engine", "--search-points=")
    def test_points_of_the_user_come_first(self):
        (self.folder / "points.json").write_text(json.dumps([{"x": 0.5, "n": 2}]))
        results, _ = self.run_study(REPORT_X, "--search-points", "points.json")
        self.assertEqual((results["trials/origin"][0], results["trials/params/x"][0]), ("user", 0.5))

    @proves("hpogrid-engine", "--resume")
    def test_a_study_goes_on(self):
        self.run_study(REPORT_X)
        results, _ = self.run_study(REPORT_X, "--resume", num_trials=4)
        self.assertEqual(len(results["trials/id"]), 4)

    @proves("hpogrid-engine", "--overwrite")
    def test_a_study_is_replaced(self):
        self.run_study(REPORT_X)
        results, _ = self.run_study(REPORT_X, "--overwrite", num_trials=2)
        self.assertEqual(len(results["trials/id"]), 2)

    @proves("hpogrid-engine", "--retries=")
    def test_a_failed_trial_is_tried_again(self):
        been_here = str(self.folder / "been_here")
        results, _ = self.run_study("import os\ndef objective(config, reporter):\n"
                                    f"    if not os.path.exists({been_here!r}):\n"
                                    f"        os.mkdir({been_here!r})\n        raise OSError\n"
                                    "    reporter(loss=0.0)\n", "--retries", "1", num_trials=1)
        self.assertEqual((results["trials/state"], results["trials/attempt"]), (["completed"], [2]))

    @proves("hpogrid-engine", "--trial-timeout=")
    def test_a_trial_that_takes_too_long_is_killed(self):
        script = "import time\ndef objective(config, reporter):\n    reporter(loss=0.0)\n" \
                 "    time.sleep(0 if config['x'] < .5 else 4)\n"
        (self.folder / "points.json").write_text(json.dumps([{"x": 0.25, "n": 2}, {"x": 0.75, "n": 2}]))
        results, _ = self.run_study(script, "--trial-timeout", "1", "--search-points", "points.json", num_trials=2)
        self.assertEqual(results["trials/state"], ["completed", "timeout"])

    @proves("hpogrid-engine", "--time-budget=")
    def test_a_study_ends_in_time(self):
        results, _ = self.run_study(SLEEP_HALF_A_SECOND, "--time-budget", "3", num_trials=10)
        self.assertLess(results["trials/state"].count("completed"), 10)

    @proves("hpogrid-engine", "--grace=")
    def test_a_trial_has_the_time_to_save_itself_when_the_study_is_told_to_stop(self):
        began = self.folder / "began"
        project = self.write_project("import pathlib, time\nfrom hpogrid import Trainable\n"
                                     "class Model(Trainable):\n    def step(self):\n"
                                     f"        pathlib.Path({str(began)!r}).touch()\n"
                                     "        time.sleep(1.5)\n        return {'loss': 1.0}\n"
                                     "    def save_checkpoint(self, folder):\n        return {}\n", model="Model")
        process = engine.start([project, "-o", self.results, "--grace", "20"], cwd=self.folder)
        engine.wait_until(began.exists, what="the first step")
        process.send_signal(signal.SIGTERM)
        output, _ = process.communicate(timeout=60)
        self.assertEqual(process.returncode, 0, output)
        content = self.read_results()
        self.assertEqual(content["trials/iterations"][0], 1, "the step that was under way counts")
        self.assertTrue((self.results.with_suffix(".checkpoints") / content["best_checkpoint"]).is_dir())

    @proves("hpogrid-engine", "--slots-per-gpu=")
    def test_trials_share_a_worker(self):
        results, _ = self.run_study(SLEEP_HALF_A_SECOND, "--slots-per-gpu", "3")
        self.assertLess(max(results["trials/started"]), min(results["trials/ended"]))

    @unittest.skipUnless(FAKE_NVML, "HPOGRID_FAKE_NVML names no folder with the fake driver")
    @proves("hpogrid-engine", "--gpus-per-trial=")
    def test_a_trial_has_several_gpus(self):
        seen = self.folder / "seen"
        path = os.pathsep.join(filter(None, (FAKE_NVML, os.environ.get("LD_LIBRARY_PATH"))))
        self.run_study(f"import os\ndef objective(config, reporter):\n    open({str(seen)!r}, 'w').write("
                       "os.environ['CUDA_VISIBLE_DEVICES'])\n    reporter(loss=0.0)\n", "--gpus-per-trial", "3",
                       num_trials=1, LD_LIBRARY_PATH=path)
        self.assertEqual(seen.read_text().count(","), 2)

    @proves("hpogrid-engine", "--dry-run")
    def test_a_dry_run_evaluates_nothing(self):
        results, output = self.run_study(REPORT_X, "--dry-run")
        self.assertIsNone(results)
        self.assertIn("Five sampled points", output)


class WhatIsTold(engine.EngineTestCase):
    def output_of(self, *options):
        return self.assert_succeeds([self.write_project(REPORT_X), "-o", self.results, *options])

    def on_terminal(self, *options):
        """What a study shows there."""
        terminal, program_side = pty.openpty()
        project = self.write_project(SLEEP_HALF_A_SECOND, hpo_config={"num_trials": 3})
        process = subprocess.Popen(engine.command([project, "-o", self.results, *options]), cwd=self.folder,
                                   env=engine.environment(TERM="xterm"), stdin=subprocess.DEVNULL,
                                   stdout=program_side, stderr=program_side)
        os.close(program_side)
        shown = b""
        with open(terminal, "rb", buffering=0) as stream, contextlib.suppress(OSError):  # EIO: the other side is closed
            while part := stream.read(65536):
                shown += part
        self.assertEqual(process.wait(60), 0, shown)
        return shown.decode()

    @proves("hpogrid-engine", "--progress=")
    def test_a_terminal_is_not_drawn_on_where_that_is_not_wanted(self):
        self.assertNotIn("\x1b[", self.on_terminal("--progress", "plain"))

    @proves("hpogrid-engine", "--log-level=")
    def test_every_trial_is_told_of(self):
        self.assertIn("trial 11 ended", self.output_of("--log-level", "debug"))

    @proves("hpogrid-engine", "--describe")
    def test_the_reference_is_printed(self):
        self.assertEqual(self.assert_succeeds(["--describe"]), (ROOT / "engine/config/REFERENCE.md").read_text())

    @proves("hpogrid-engine", "--machine")
    def test_gpus_and_cores_are_counted(self):
        self.assertRegex(self.assert_succeeds(["--machine"]), r"^gpus \d+ cores [1-9]\d*\n$")

    @proves("hpogrid-engine", "--version")
    def test_the_version_is_printed(self):
        self.assertRegex(self.assert_succeeds(["--version"]), r"^hpogrid-engine \d+\.\d+\.\d+\n$")


if __name__ == "__main__":
    unittest.main()
