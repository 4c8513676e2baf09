"""A search on the grid from its submission to its report, through the unmodified PanDA client."""
import io
import json
import os
import pathlib
import subprocess
import sys
import tarfile
import unittest

import h5py

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "support"))
import panda_client  # noqa: E402
from hpogrid import HpogridTestCase  # noqa: E402
from monitor_server import MonitorServer  # noqa: E402
from panda_server import PandaServer  # noqa: E402


def setUpModule():
    panda_client.install()


class EndToEnd(HpogridTestCase):
    def setUp(self):
        super().setUp()
        self.panda, self.monitor = PandaServer(), MonitorServer()
        self.addCleanup(self.panda.close)
        self.addCleanup(self.monitor.close)
        self.environment.update(panda_client.environment(self.base), **self.panda.environment)
        self.environment.update(self.monitor.environment)
        for name in ("PYTHONPATH", "PYTHONHOME", "X509_USER_PROXY"):
            self.environment.pop(name, None)

    def run_job(self, number):
        """As a worker node runs it; its results and its metadata."""
        (sandbox,) = self.panda.sandboxes.values()
        job_folder = self.base / f"srv{number}"
        run_folder = job_folder / "workDir/run"
        run_folder.mkdir(parents=True)
        with tarfile.open(fileobj=io.BytesIO(sandbox)) as archive:
            archive.extractall(run_folder)
        environment = {"PATH": f"/bin:/usr/bin:{pathlib.Path(os.environ['HPOGRID_ENGINE']).parent}:.", "TZ": "UTC",
                       "PandaID": str(number), "HPOGRID_PYTHON": os.environ["HPOGRID_PYTHON"],
                       "TMPDIR": str(job_folder), "HPOGRID_JOB_FOLDER": str(job_folder)}
        done = subprocess.run(["/bin/sh", "-c", f"sh hpogrid/grid-job {number}"], cwd=run_folder, env=environment,
                              capture_output=True, text=True, timeout=240)
        self.assertEqual(done.returncode, 0, done.stdout + done.stderr)
        with h5py.File(run_folder / "results.h5") as results:
            losses = list(results["trials/metrics/loss"][:])
        return losses, json.loads((run_folder / "userJobMetadata.json").read_text())

    def test_what_was_submitted_is_shown_reported_killed_and_retried(self):
        self.create_project(trials=3)
        self.hpogrid("run", "simple", "--n_jobs", "2", "--seed", "1")
        ((task, submitted),) = self.panda.tasks.items()
        self.monitor.add_task(task, submitted["taskName"], status="running")
        self.assertRegex(self.hpogrid("tasks", "show"), rf"{task} +running .*{submitted['taskName']}")

        losses = []
        for number in (1, 2):
            found, metadata = self.run_job(number)
            losses += found
            self.monitor.metadata.setdefault(task, {})[700 + number] = metadata
        self.assertEqual(len(set(losses)), 6, "the jobs of a task search different points")

        output = self.hpogrid("report", "simple", "--to_json", "--extra", "taskid")
        self.assertIn("6 successful trials of 2 jobs, smallest 'loss'", output)
        rows = json.loads((self.base / "hpo_result.json").read_text())
        self.assertEqual([row["loss"] for row in rows], sorted(losses))
        self.assertEqual({row["taskid"] for row in rows}, {str(task)})

        self.hpogrid("tasks", "kill", task)
        self.hpogrid("tasks", "retry", task)
        self.assertEqual(self.panda.commands, [("task/kill", task), ("task/retry", task)])


if __name__ == "__main__":
    unittest.main()
