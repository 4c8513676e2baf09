"""Submission through the real prun, and the worker node played with what it uploaded."""
import io
import json
import os
import pathlib
import subprocess
import sys
import tarfile
import unittest
import urllib.parse

import h5py

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "support"))
from hpogrid import HPOGRID  # noqa: E402
from panda_case import PandaTestCase  # noqa: E402

SUBMIT = os.environ["HPOGRID_SUBMIT"]


class Submission(PandaTestCase):
    def submit(self, *arguments, **options):
        output = self.hpogrid("run", "simple", "--seed", "100", *arguments, **options)
        return output, self.server.tasks[max(self.server.tasks)]

    def parameters(self, task):
        """All job parameters of a task in one text, decoded, with single spaces."""
        text = urllib.parse.unquote(" ".join(str(each.get("value", "")) for each in task["jobParameters"]))
        return " ".join(text.split())

    def record(self):
        return json.loads(max((self.base / "submissions/simple").glob("*/submission.json")).read_text())

    def test_the_task_is_what_the_configuration_says(self):
        self.create_project()
        output, task = self.submit("--n_jobs", "3")
        self.assertIn("Submitted task 50000001", output)
        self.assertIn("seeds 100 to 102", output)
        self.assertRegex(task["taskName"], r"^user\.tester\.hpogrid\.simple\.out\.\d{14}/$")
        self.assertEqual(task["architecture"], "#&nvidia")
        self.assertEqual(task["site"], "ANALY_TEST")
        self.assertTrue(task["container_name"].endswith("/hpogrid:latest"))
        self.assertTrue(task["noInput"])
        self.assertEqual(task["nEvents"], 3)
        self.assertIn("sh hpogrid/grid-job ${SEQNUMBER}", self.parameters(task))
        number = next(each for each in task["jobParameters"] if "SEQNUMBER" in str(each.get("value")))
        self.assertEqual((number["param_type"], number["offset"]), ("pseudo_input", 1))
        outputs = [each for each in task["jobParameters"] if each.get("param_type") == "output"]
        self.assertEqual([each["dataset"] for each in outputs], [task["taskName"][:-1] + "_results.h5/"])
        self.assertEqual((self.record()["backend"], self.record()["first_seed"]), ("panda", 100))
        self.assertEqual(self.record()["tasks"][0]["answer"][0]["jediTaskID"], 50000001)

    def test_several_sites_and_options_for_prun_reach_the_task(self):
        self.create_project()
        _, task = self.submit("--site", "ANALY_A", "ANALY_B", "--", "--nCore", "8", "--memory", "3000")
        self.assertEqual(task["includedSite"], ["ANALY_A", "ANALY_B"])
        self.assertEqual((task["coreCount"], task["ramCount"]), (8, 3000))

    def test_configured_options_reach_the_task(self):
        self.create_project()
        self.hpogrid("grid_config", "update", "simple_grid", "--retry", "--container", "docker://my/image:1", "--outDS",
                     "user.tester.mine", "--extra", '{"architecture": "#&nvidia:vram>=40960", "excludedSite": "ANALY_X"}')
        self.hpogrid("project", "update", "simple", "--grid_config", "simple_grid")
        _, task = self.submit()
        self.assertEqual(task["taskName"], "user.tester.mine/")
        self.assertEqual(task["container_name"], "docker://my/image:1")
        self.assertIn("nvidia:vram>=40960", json.dumps(task["architecture"]))
        self.assertEqual(task["excludedSite"], ["ANALY_X"])
        self.assertNotIn("disableAutoRetry", task)
        self.hpogrid("grid_config", "update", "simple_grid", "--retry=false")
        self.hpogrid("project", "update", "simple", "--grid_config", "simple_grid")
        self.assertEqual(self.submit()[1]["disableAutoRetry"], 1)

    def test_each_job_gets_the_whole_input_dataset(self):
        self.create_project()
        self.hpogrid("grid_config", "update", "simple_grid", "--inDS", "user.tester.data")
        self.hpogrid("project", "update", "simple", "--grid_config", "simple_grid")
        self.submit("--n_jobs", "2")
        self.assertEqual(len(self.server.tasks), 2)
        for number, task in enumerate(self.server.tasks.values(), start=1):
            self.assertEqual(task["dsForIN"], "user.tester.data")
            self.assertEqual(task["nFilesPerJob"], 200)
            self.assertIn(f"sh hpogrid/grid-job {number}", self.parameters(task))
            self.assertTrue(task["taskName"].endswith(f".{number}/"))

    def test_hpogrid_submit_is_the_same(self):
        self.create_project()
        self.assertIn("Submitted task", self.hpogrid("simple", program=SUBMIT))
        self.assertIn("Submitted task", self.hpogrid("submit", "simple"))

    def test_the_worker_node_runs_what_was_uploaded(self):
        self.create_project(trials=4)
        (self.base / "points.json").write_text(json.dumps([{"height": 14.0, "width": 20.0}]))
        self.submit("--n_jobs", "2", "-p", "points.json", "--time", "3600")
        (sandbox,) = self.server.sandboxes.values()
        run_folder = self.base / "srv/workDir/run"
        run_folder.mkdir(parents=True)
        with tarfile.open(fileobj=io.BytesIO(sandbox)) as archive:
            archive.extractall(run_folder)
        environment = {"PATH": f"/bin:/usr/bin:{pathlib.Path(os.environ['HPOGRID_ENGINE']).parent}:.", "TZ": "UTC",
                       "PandaID": "7", "HPOGRID_PYTHON": os.environ["HPOGRID_PYTHON"], "TMPDIR": str(self.base / "srv"),
                       "HPOGRID_JOB_FOLDER": str(self.base / "srv")}
        done = subprocess.run(["/bin/sh", "-c", "sh hpogrid/grid-job 2"], cwd=run_folder, env=environment,
                              capture_output=True, text=True, timeout=120)
        self.assertEqual(done.returncode, 0, done.stdout + done.stderr)
        self.assertIn("wall time 3600 s", done.stdout)
        with h5py.File(run_folder / "results.h5") as results:
            self.assertEqual(results.attrs["seed"], 101)
            self.assertEqual(results["trials/origin"][0], b"user")
            self.assertEqual(results["trials/params/height"][0], 14.0)
        self.assertEqual(len(json.loads((run_folder / "userJobMetadata.json").read_text())["result"]), 4)

    def test_a_task_that_panda_refuses_leaves_nothing(self):
        self.create_project()
        self.server.refuse = "no permission"
        done = self.run_hpogrid("run", "simple")
        self.assertEqual(done.returncode, 1)
        self.assertIn("hpogrid: prun ended with status 90 (PanDA did not accept the task); nothing was submitted\n",
                      done.stderr)
        self.assertFalse((self.base / "submissions").exists())

    def test_options_and_files_that_cannot_be_submitted_leave_nothing(self):
        folder = self.create_project()
        done = self.run_hpogrid("run", "simple", "--", "--nCore", "many")
        self.assertNotEqual(done.returncode, 0)
        (folder / "scripts/it's.py").write_text("")
        self.assertIn("cannot be submitted", self.refusal("run", "simple"))
        self.assertEqual(self.server.tasks, {})
        self.assertFalse((self.base / "submissions").exists())

    def test_a_task_that_panda_may_have_taken_is_kept(self):
        self.create_project()
        self.server.mute = True
        done = self.run_hpogrid("run", "simple")
        self.assertEqual(done.returncode, 1)
        self.assertEqual(self.record()["tasks"][0]["status"], 90)
        (folder,) = (self.base / "submissions/simple").iterdir()
        self.assertTrue(done.stderr.endswith(f"; something may have been submitted all the same, so its folder is kept: {folder}\n"))
        self.assertTrue((folder / "package/hpogrid/grid-job").exists())

    def test_tasks_before_one_that_is_refused_are_told_and_kept(self):
        self.create_project()
        self.hpogrid("grid_config", "update", "simple_grid", "--inDS", "user.tester.data")
        self.hpogrid("project", "update", "simple", "--grid_config", "simple_grid")
        self.server.refuse, self.server.accepted = "no permission", 1
        done = self.run_hpogrid("run", "simple", "--n_jobs", "3")
        self.assertEqual(done.returncode, 1)
        self.assertIn("Submitted task 50000001", done.stdout)
        self.assertIn("its folder is kept", done.stderr)
        self.assertEqual([task["status"] for task in self.record()["tasks"]], [0, 90])

    def test_a_missing_client_set_up_proxy_or_account_is_named(self):
        self.create_project()
        folder = pathlib.Path(HPOGRID).parent
        self.assertIn("prun is not on $PATH", self.refusal("run", "simple", PATH=f"{folder}:/usr/bin:/bin"))
        self.assertIn("PANDA_SYS is not set", self.refusal("run", "simple", PANDA_SYS=""))
        self.assertIn("there is no grid proxy in /none", self.refusal("run", "simple", PANDA_AUTH="x509",
                                                                      X509_USER_PROXY="/none"))
        self.assertIn("needs RUCIO_ACCOUNT", self.refusal("run", "simple", RUCIO_ACCOUNT=""))
        self.assertEqual(self.server.calls, [])
        self.assertFalse((self.base / "submissions").exists())

    def test_a_nickname_stands_in_for_the_account(self):
        self.create_project()
        self.submit(RUCIO_ACCOUNT="", PANDA_NICKNAME="tester")
        self.assertIn("outDS must be 'user.tester", self.run_hpogrid("run", "simple", RUCIO_ACCOUNT="other").stdout)

    def test_a_dry_run_submits_nothing(self):
        self.create_project()
        self.assertIn("prun ", self.hpogrid("run", "simple", "--dry-run"))
        self.assertEqual(self.server.calls, [])


if __name__ == "__main__":
    unittest.main()
