"""The job script of the grid, run as the pilot runs it: /bin/sh, few variables, inputs as links, the real engine."""
import json
import os
import pathlib
import shutil
import signal
import subprocess
import sys
import tarfile
import time
import unittest

import h5py

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[2] / "support"))
import process_table  # noqa: E402
from at_once import AtOnce  # noqa: E402
from hpogrid import HpogridTestCase  # noqa: E402

ENGINE = os.environ["HPOGRID_ENGINE"]


def load_tests(loader, tests, pattern):
    return AtOnce(tests, workers=3)


class GridJob(HpogridTestCase):
    def prepare(self, script=None, trials=6, wall_time=None, options=(), **hpo):
        """A job folder with the package that `hpogrid run` makes."""
        self.create_project(trials=trials, script=script, **hpo)
        time_option = ["--time", str(wall_time)] if wall_time else []
        self.hpogrid("run", "simple", "--dry-run", "--seed", "100", *time_option, *options, RUCIO_ACCOUNT="tester")
        package = next((self.base / "submissions/simple").glob("*/package/hpogrid"))
        self.job = self.base / "srv"
        self.run_folder = self.job / "workDir/run"
        shutil.copytree(package, self.run_folder / "hpogrid")

    def start(self, number=1, **variables):
        environment = {"PATH": os.environ["PATH"], "HOME": str(self.base), "TMPDIR": str(self.job), "TZ": "UTC",
                       "PandaID": "7", "PanDA_TaskID": "5", "PanDA_AttemptNr": "1", "PANDA_RESOURCE": "ANALY_TEST",
                       "HPOGRID_ENGINE": ENGINE, "HPOGRID_PYTHON": os.environ["HPOGRID_PYTHON"],
                       "HPOGRID_JOB_FOLDER": str(self.job), **variables}
        log = open(self.job / "payload.stdout", "w")
        self.addCleanup(log.close)
        return subprocess.Popen(["/bin/sh", "-c", f"sh hpogrid/grid-job {number}"], cwd=self.run_folder, env=environment,
                                stdin=subprocess.DEVNULL, stdout=log, stderr=subprocess.STDOUT, start_new_session=True)

    def log(self):
        return (self.job / "payload.stdout").read_text(errors="replace")

    def run_job(self, number=1, status=0, **variables):
        try:
            found = self.start(number, **variables).wait(120)
        except subprocess.TimeoutExpired:
            self.fail("the job did not end: " + self.log())
        self.assertEqual(found, status, self.log())
        return self.log()

    def wait_for(self, condition, what):
        deadline = time.monotonic() + 60
        while not condition():
            self.assertLess(time.monotonic(), deadline, f"{what} did not come true: {self.log()}")
            time.sleep(0.1)

    def states(self):
        with h5py.File(self.run_folder / "results.h5") as results:
            return [state.decode() for state in results["trials/state"][:]]

    def metadata(self):
        return json.loads((self.run_folder / "userJobMetadata.json").read_text())

    def test_results_and_metadata_lie_where_panda_takes_them_from(self):
        self.prepare()
        log = self.run_job(number=3)
        self.assertEqual(self.states(), ["completed"] * 6)
        self.assertEqual(len(self.metadata()["result"]), 6)
        self.assertIn("project simple, job 3 of 1, seed 102", log)
        self.assertIn("task 5, job 7, attempt 1, queue ANALY_TEST", log)
        with h5py.File(self.run_folder / "results.h5") as results:
            self.assertEqual(results.attrs["seed"], 102)

    def test_jobs_of_a_task_search_different_points(self):
        self.prepare(options=["--n_jobs", "2"])
        points = []
        for number in (1, 2):
            self.run_job(number)
            with h5py.File(self.run_folder / "results.h5") as results:
                points.append(set(results["trials/params/height"][:]))
            for left in self.run_folder.glob("results.*"):
                shutil.rmtree(left) if left.is_dir() else left.unlink()
        self.assertEqual(points[0] & points[1], set())

    def test_inputs_are_seen_in_the_data_folder_unpacked_and_gone_afterwards(self):
        self.prepare("import glob, hpogrid\n"
                     "def simple_objective(config, reporter):\n"
                     "    names = sorted(path.split('/')[-1] for path in glob.glob(hpogrid.get_datadir() + '*.csv'))\n"
                     "    assert names == ['a.csv', 'b.csv'], names\n"
                     "    reporter(loss=0.0)\n", trials=1)
        storage = self.base / "storage"
        storage.mkdir()
        (storage / "a.csv").write_text("1\n")
        (storage / "b.csv").write_text("2\n")
        with tarfile.open(storage / "in.tar.gz", "w:gz") as archive:
            archive.add(storage / "b.csv", "b.csv")
        for name in ("a.csv", "in.tar.gz"):
            (self.run_folder / name).symlink_to(storage / name)
        self.run_job()
        self.assertEqual(self.states(), ["completed"])
        self.assertFalse((self.run_folder / "hpogrid-data").exists())
        self.assertFalse((self.run_folder / "b.csv").exists())
        self.assertTrue((storage / "a.csv").exists())

    def test_an_engine_that_dies_is_started_again_and_nothing_that_ended_is_lost(self):
        self.prepare("import time\n"
                     "def simple_objective(config, reporter):\n"
                     "    time.sleep(0.3)\n"
                     "    reporter(loss=config['width'])\n", trials=12)
        process = self.start()
        self.wait_for(lambda: (self.run_folder / "results.trials/000003").exists(), "the fourth trial")
        victims = [pid for pid in process_table.descendants(process.pid)
                   if process_table.command_line(pid).split(" ")[0].endswith(("hpogrid-engine", "mpirun"))]
        for victim in victims:
            os.kill(victim, signal.SIGKILL)
        self.assertEqual(process.wait(120), 0, self.log())
        self.assertIn("start 1 of 5 with --resume", self.log())
        self.assertEqual(self.states(), ["completed"] * 12)
        self.assertEqual(len(self.metadata()["result"]), 12)

    def test_it_stops_before_the_wall_time_ends_with_what_it_has(self):
        self.prepare("import time\n"
                     "def simple_objective(config, reporter):\n"
                     "    time.sleep(0.2)\n"
                     "    reporter(loss=config['width'])\n", trials=1000, wall_time=20)
        began = time.monotonic()
        log = self.run_job()
        self.assertLess(time.monotonic() - began, 20)
        self.assertIn("wall time 20 s, the engine stops 10 s before", log)
        self.assertGreater(self.states().count("completed"), 3)

    def test_the_queue_limits_the_wall_time(self):
        self.prepare(wall_time=5000)
        queues = self.base / "queues.json"
        queues.write_text(json.dumps({"ANALY_TEST": {"maxtime": 3600}, "OTHER": {"maxtime": 100}}))
        self.assertIn("wall time 3600 s", self.run_job(HPOGRID_QUEUES=str(queues)))

    def test_it_gives_signs_of_life(self):
        self.prepare("import time\n"
                     "def simple_objective(config, reporter):\n"
                     "    time.sleep(3)\n"
                     "    reporter(loss=0.0)\n", trials=1)
        self.assertRegex(self.run_job(HPOGRID_HEARTBEAT="1"), r"alive after \d+ s")

    def test_sigterm_ends_it_with_the_results_so_far(self):
        self.prepare("import time\n"
                     "def simple_objective(config, reporter):\n"
                     "    time.sleep(0.2)\n"
                     "    reporter(loss=config['width'])\n", trials=1000)
        process = self.start()
        self.wait_for(lambda: (self.run_folder / "results.trials/000003").exists(), "the fourth trial")
        # The script alone: the pilot's signal goes to its process group, too, but mpirun must not take its own way out.
        script = next(pid for pid in process_table.descendants(process.pid) | {process.pid: None}
                      if process_table.command_line(pid).startswith("sh hpogrid/grid-job"))
        os.kill(script, signal.SIGTERM)
        self.assertEqual(process.wait(60), 0, self.log())
        self.assertIn("told to stop", self.log())
        self.assertGreaterEqual(len(self.metadata()["result"]), 3)

    def test_without_a_result_it_fails_and_tells_the_monitor_why(self):
        self.prepare("def simple_objective(config, reporter): raise ValueError('no \"data\"')\n", trials=2)
        log = self.run_job(status=3)
        self.assertIn("FAILED: no trial succeeded", log)
        report = json.loads((self.job / "payload_error_report.json").read_text())
        self.assertEqual(report["error_code"], 3)
        self.assertIn("no trial succeeded", report["error_diag"])

    def test_an_input_with_a_hostile_name_that_cannot_be_unpacked_is_told_to_the_monitor(self):
        self.prepare()
        (self.run_folder / "a\x1b\"\t\\\n$(touch canary)\udcff-tar.gz").write_text("no archive")
        self.run_job(status=2)
        report = json.loads((self.job / "payload_error_report.json").read_text())
        self.assertRegex(report["error_diag"], r"^hpogrid: input a\$\(touch canary\)-tar.gz cannot be unpacked$")
        self.assertFalse(list(self.base.rglob("canary")))

    def test_an_image_without_the_engine_is_named(self):
        self.prepare()
        self.assertIn("there is no hpogrid-absent here", self.run_job(status=2, HPOGRID_ENGINE="hpogrid-absent"))

    def test_hostile_names_and_values_reach_the_job_intact(self):
        hostile = "it's \"$(touch run)\" `touch run`; touch run"
        folder = self.create_project(trials=1)
        project = json.loads((folder / "config/project_config.json").read_text())
        project.update(project_name=hostile, grid_config={"outDS": "user.me.x", "container": hostile})
        (folder / "config/project_config.json").write_text(json.dumps(project))
        shown = self.hpogrid("run", folder, "--dry-run", "--", "--comment", hostile)
        self.assertFalse(list(self.base.rglob("run")))
        words = subprocess.run(["sh", "-c", "prun() { printf '%s\\n' \"$@\"; }; " + shown.splitlines()[-1]],
                               capture_output=True, text=True, cwd=self.base).stdout.splitlines()
        self.assertIn(f"--containerImage={hostile}", words)
        self.assertEqual(words[-2:], ["--comment", hostile])
        package = next((self.base / "submissions").glob("*/*/package/hpogrid"))
        self.job = self.base / "srv"
        self.run_folder = self.job / "workDir/run folder"
        shutil.copytree(package, self.run_folder / "hpogrid")
        self.assertIn(hostile, self.run_job())
        self.assertFalse(list(self.base.rglob("run")))


if __name__ == "__main__":
    unittest.main()
