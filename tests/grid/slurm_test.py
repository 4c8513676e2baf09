"""hpogrid run --backend slurm against a real Slurm on loopback, whose nodes have no GPU."""
import contextlib
import json
import os
import pathlib
import signal
import sys
import time
import unittest

import h5py

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "support"))
import process_table  # noqa: E402
import slurm  # noqa: E402
from at_once import AtOnce  # noqa: E402
from hpogrid import HPOGRID, HpogridTestCase  # noqa: E402

SLOW = """import time
def simple_objective(config, reporter):
    time.sleep(0.2)
    reporter(loss=config["width"])
"""


def load_tests(loader, tests, pattern):
    # As many jobs as the cluster has processors.
    return AtOnce(tests, workers=4)


class SlurmTestCase(HpogridTestCase):
    def setUp(self):
        super().setUp()
        self.cluster = slurm.shared_cluster()
        self.environment.update(self.cluster.environment)
        # What the installed programs find beside themselves; a job inherits the rest.
        self.environment.pop("HPOGRID_ENGINE", None)

    def submit(self, *arguments, **options):
        """Folder of the submission, and the id of the job."""
        output = self.hpogrid("run", "simple", "--backend", "slurm", "--seed", "100", *arguments, **options)
        return max((self.base / "submissions/simple").iterdir()), self.submitted(output)

    def submitted(self, output):
        """The id of a job, which ends with the test."""
        job = output.split("Submitted job ")[1].split(":")[0]
        self.addCleanup(self.cluster.run, "scancel", job)
        return job

    def record(self, folder):
        return json.loads((folder / "submission.json").read_text())

    def log(self, folder):
        return "".join(file.read_text() for file in sorted(folder.glob("job*.log")))

    def state(self, job):
        """States of a job's tasks, as Slurm tells them."""
        return self.cluster.run("scontrol", "show", "job", job).stdout

    def wait_for(self, condition, what, timeout=90):
        deadline = time.monotonic() + timeout
        while not condition():
            self.assertLess(time.monotonic(), deadline, f"{what} did not come true: {self.cluster.run('squeue').stdout}")
            time.sleep(0.2)

    def wait_until_ended(self, job):
        self.wait_for(lambda: not self.cluster.run("squeue", "--noheader", "--jobs", job).stdout.strip(), f"the end of {job}")

    def run_job(self, *arguments, **options):
        folder, job = self.submit(*arguments, **options)
        self.wait_until_ended(job)
        return folder, job

    def results(self, number=1):
        return next((self.base / "runs/simple").glob(f"*-job{number}/results.h5"))

    def states(self, number=1):
        with h5py.File(self.results(number)) as results:
            return [state.decode() for state in results["trials/state"][:]]


class Submission(SlurmTestCase):
    def test_a_job_leaves_its_results_where_the_report_looks_for_them(self):
        self.create_project()
        folder, job = self.run_job()
        self.assertIn("JobState=COMPLETED", self.state(job))
        self.assertEqual(self.states(), ["completed"] * 6, self.log(folder))
        log = self.log(folder)
        self.assertIn(f"project simple, job 1 of 1, seed 100\n", log)
        self.assertRegex(log, f"job {job}, nodes node[12], partition main")
        self.assertIn("no wall time is known", log)
        self.assertIn("6 successful trials of 1 job", self.hpogrid("report", "simple"))
        record = self.record(folder)
        self.assertEqual((record["backend"], record["first_seed"], record["jobs"], record["nodes"]), ("slurm", 100, 1, 1))
        self.assertEqual((record["tasks"][0]["status"], record["tasks"][0]["answer"]), (0, job))

    def test_the_year_with_which_slurm_counts_is_no_limit(self):
        self.create_project(trials=1)
        folder, _ = self.run_job(SLURM_JOB_END_TIME=str(int(time.time()) + 365 * 24 * 3600))
        self.assertIn("no wall time is known", self.log(folder))

    def test_jobs_of_an_array_search_different_points(self):
        self.create_project()
        folder, _ = self.run_job("--n_jobs", "2")
        points = []
        for number in (1, 2):
            self.assertEqual(self.states(number), ["completed"] * 6, self.log(folder))
            with h5py.File(self.results(number)) as results:
                self.assertEqual(results.attrs["seed"], 99 + number)
                points.append(set(results["trials/params/height"][:]))
            self.assertIn(f"job {number} of 2", (folder / f"job-{number}.log").read_text())
        self.assertEqual(points[0] & points[1], set())
        self.assertIn("12 successful trials of 2 jobs", self.hpogrid("report", "simple"))

    def test_several_nodes_work_on_one_study(self):
        self.create_project(script=SLOW, trials=24)
        # Open MPI names shared memory after the host, which both nodes have in common here.
        folder, job = self.run_job("--nodes", "2", OMPI_MCA_btl="self,tcp")
        self.assertIn("NumNodes=2", self.state(job))
        self.assertEqual(self.states(), ["completed"] * 24, self.log(folder))
        # Two processors each: rank 0 and a worker on the first node, two workers on the second.
        with h5py.File(self.results()) as results:
            self.assertEqual(set(results["trials/worker"][:]), {1, 2, 3}, self.log(folder))

    def test_site_and_further_options_reach_slurm(self):
        self.create_project(script=SLOW)
        self.environment["SLURM_TIME_FORMAT"] = "relative"
        folder, job = self.run_job("--site", "short", "--", "--comment", "it's $(touch run)", "--job-name=mine")
        state = self.state(job)
        for part in ("Partition=short", "Comment=it's $(touch run)", "JobName=mine"):
            self.assertIn(part, state)
        # The limit of the partition is found by the job.
        self.assertRegex(self.log(folder), r"wall time 1[78]\d\d s, the engine stops 600 s before")
        self.assertFalse(list(self.base.rglob("run")))

    def test_search_points_are_evaluated_first(self):
        self.create_project()
        (self.base / "points.json").write_text(json.dumps([{"height": 14.0, "width": 20.0}]))
        folder, _ = self.run_job("-p", "points.json")
        with h5py.File(self.results()) as results:
            self.assertEqual(results["trials/params/height"][0], 14.0, self.log(folder))

    def test_data_are_where_it_was_submitted(self):
        self.create_project(script="import hpogrid\n"
                                   "def simple_objective(config, reporter):\n"
                                   "    assert open(hpogrid.get_datadir() + 'input.csv').read() == '1\\n'\n"
                                   "    reporter(loss=0.0)\n", trials=1)
        (self.base / "input.csv").write_text("1\n")
        folder, _ = self.run_job()
        self.assertEqual(self.states(), ["completed"], self.log(folder))

    def test_hostile_names_reach_the_job_intact(self):
        hostile = "it's %j \"$(touch run)\" `touch run`; touch run"
        folder = self.create_project(trials=1)
        project = json.loads((folder / "config/project_config.json").read_text())
        (folder / "config/project_config.json").write_text(json.dumps(dict(project, project_name=hostile)))
        output = self.hpogrid("run", folder, "--backend", "slurm")
        job = self.submitted(output)
        self.wait_until_ended(job)
        self.assertIn(f"JobName={hostile}", self.state(job))
        log = next((self.base / "submissions" / hostile).glob("*/job.log")).read_text()
        self.assertIn(f"project {hostile}, job 1 of 1", log)
        self.assertTrue(list((self.base / "runs" / hostile).glob("*-job1/results.h5")), log)
        self.assertFalse([path for path in self.base.rglob("run") if path.name == "run"])

    def test_without_slurm_it_is_named(self):
        self.create_project()
        self.assertIn("sbatch is not on $PATH", self.refusal("run", "simple", "--backend", "slurm", PATH="/nowhere"))
        self.assertFalse((self.base / "submissions").exists())

    def test_what_slurm_refuses_leaves_nothing(self):
        self.create_project()
        done = self.run_hpogrid("run", "simple", "--backend", "slurm", "--site", "nowhere")
        self.assertEqual(done.returncode, 1)
        self.assertIn("invalid partition specified: nowhere", done.stderr)
        self.assertTrue(done.stderr.endswith("hpogrid: sbatch ended with status 1; nothing was submitted\n"))
        self.assertFalse((self.base / "submissions").exists())

    def test_what_slurm_may_have_taken_is_kept(self):
        self.create_project(script=SLOW, trials=1000)
        # As where the answer comes too late: the job is there all the same.
        tools = self.base / "bin"
        tools.mkdir()
        (tools / "sbatch").write_text(f'#!/bin/sh\n{slurm.find("sbatch")} "$@" && echo "Socket timed out" >&2 && exit 1\n')
        (tools / "sbatch").chmod(0o755)
        done = self.run_hpogrid("run", "simple", "--backend", "slurm", PATH=f"{tools}:{os.environ['PATH']}")
        self.assertEqual(done.returncode, 1)
        (folder,) = (self.base / "submissions/simple").iterdir()
        self.assertTrue(done.stderr.endswith(f"; something may have been submitted all the same, so its folder is kept: {folder}\n"))
        self.assertEqual(self.record(folder)["tasks"][0]["status"], 1)
        self.cluster.run("scancel", self.record(folder)["tasks"][0]["answer"])

    def test_a_dry_run_submits_nothing(self):
        self.create_project()
        shown = self.hpogrid("run", "simple", "--backend", "slurm", "--dry-run", "--n_jobs", "3", "--time", "7200")
        self.assertIn("# A job of hpogrid under Slurm", shown)
        self.assertIn("sbatch --parsable --job-name=simple", shown)
        self.assertIn("--array=1-3 --nodes=1 --time=2:00:00 --signal=B:TERM@300", shown)
        self.assertNotIn(str(self.base), self.cluster.run("squeue", "--noheader", "--format=%Z").stdout)
        self.assertFalse((self.base / "runs").exists())


class Life(SlurmTestCase):
    def start(self, *arguments, trials=1000):
        """A job with some trials done and many to come."""
        self.create_project(script=SLOW, trials=trials)
        folder, job = self.submit(*arguments)
        self.wait_for(lambda: list((self.base / "runs/simple").glob("*-job1/results.trials/000003")), "the fourth trial")
        return folder, job

    def engine_processes(self, folder):
        """Of the job of this submission."""
        found = []
        for pid, place in process_table.folders().items():
            with contextlib.suppress(OSError):
                words = (place / "cmdline").read_bytes().split(b"\0")
                if words[0].endswith((b"hpogrid-engine", b"mpirun")) and any(str(folder).encode() in word for word in words):
                    found.append(pid)
        return found

    def test_it_stops_before_the_time_that_was_asked_for_is_over(self):
        self.create_project(script=SLOW, trials=1000)
        began = time.monotonic()
        folder, job = self.run_job("--time", "20")
        self.assertLess(time.monotonic() - began, 30)
        self.assertIn("wall time 20 s, the engine stops 10 s before", self.log(folder))
        self.assertIn("TimeLimit=00:01:00", self.state(job))
        self.assertIn("JobState=COMPLETED", self.state(job))
        self.assertGreater(self.states().count("completed"), 3)

    def test_a_warning_before_the_end_stops_it_with_its_results(self):
        # Slurm looks twice a minute whom to warn; the engine would stop by itself after one.
        folder, job = self.start("--", "--time=2", "--signal=B:TERM@119")
        self.wait_until_ended(job)
        self.assertIn("told to stop", self.log(folder))
        self.assertIn("JobState=COMPLETED", self.state(job))
        self.assertGreaterEqual(self.states().count("completed"), 3)

    def test_a_cancelled_job_keeps_what_it_has_and_goes_on_when_it_is_submitted_again(self):
        folder, job = self.start("--", "--comment=x", trials=30)
        self.cluster.run("scancel", job)
        self.wait_until_ended(job)
        self.assertGreaterEqual(self.states().count("completed"), 3)
        self.assertLess(self.states().count("completed"), 30)
        again = self.cluster.run(*self.record(folder)["tasks"][0]["command"]).stdout.strip()
        self.wait_until_ended(again)
        self.assertEqual(self.states().count("completed"), 30)
        with h5py.File(self.results()) as results:
            self.assertEqual(results.attrs["seed"], 100)

    def test_an_engine_that_dies_is_started_again(self):
        folder, job = self.start(trials=16)
        for victim in self.engine_processes(folder):
            with contextlib.suppress(ProcessLookupError):
                os.kill(victim, signal.SIGKILL)
        self.wait_until_ended(job)
        self.assertIn("start 1 of 5 with --resume", self.log(folder))
        self.assertEqual(self.states(), ["completed"] * 16)

    def test_a_node_that_is_given_up_has_its_job_queued_again(self):
        folder, job = self.start(trials=40)
        self.cluster.run("scontrol", "requeue", job)
        self.wait_for(lambda: "Restarts=1" in self.state(job) and "PENDING" in self.state(job), "its place in the queue")
        self.cluster.run("scontrol", "update", f"jobid={job}", "starttime=now")
        self.wait_until_ended(job)
        # Slurm ends every process of the job, the running trial's too: that one began anew.
        self.assertEqual(self.states(), ["completed"] * 40, self.log(folder))
        self.assertEqual(self.log(folder).count("project simple, job 1 of 1"), 2)

    def test_without_a_result_it_fails(self):
        self.create_project(script="def simple_objective(config, reporter): raise ValueError('no data')\n", trials=2)
        folder, job = self.run_job()
        self.assertIn("FAILED: no trial succeeded", self.log(folder))
        self.assertIn("JobState=FAILED", self.state(job))
        self.assertIn("ExitCode=3:0", self.state(job))


if __name__ == "__main__":
    unittest.main()
