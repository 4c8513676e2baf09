"""hpogrid report over the tasks that a monitor on loopback lists."""
import csv
import json
import pathlib
import sys
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "support"))
from hpogrid import HpogridTestCase  # noqa: E402
from monitor_server import MonitorServer, job_metadata  # noqa: E402
from option_proof import proves  # noqa: E402
from panda_server import PandaServer  # noqa: E402


class GridReport(HpogridTestCase):
    def setUp(self):
        super().setUp()
        self.monitor = MonitorServer()
        self.addCleanup(self.monitor.close)
        self.environment.update(self.monitor.environment)
        self.create_project()
        self.add(50000001, "user.tester.hpogrid.simple.out.1/", {11: (3.0, 1.0), 12: (2.0,)})
        self.add(50000002, "user.tester.hpogrid.simple.out.2/", {21: (0.0,)}, age=10)
        self.add(50000003, "user.tester.mine/", {31: (5.0,)}, age=40)

    def add(self, task, name, losses, **fields):
        """A task with a job for each of `losses`; no two trials ended at one time."""
        self.monitor.add_task(task, name, **fields)
        self.monitor.metadata[task] = {job: job_metadata(losses=found, timestamp=1000.0 * job)
                                       for job, found in losses.items()}

    def losses(self, *arguments, **options):
        self.hpogrid("report", "simple", "--to_csv", *arguments, **options)
        with open(self.base / "hpo_result.csv", newline="") as file:
            return [float(row["loss"]) for row in csv.DictReader(file)]

    def test_every_job_of_every_task_is_reported_a_loss_of_zero_too(self):
        self.assertEqual(self.losses(), [0.0, 1.0, 2.0, 3.0])
        self.assertIn("4 successful trials of 3 jobs", self.hpogrid("report", "simple"))
        self.assertEqual(self.monitor.questions[0][1]["taskname"], "user.tester.hpogrid.simple.*")

    @proves("report", "--days=", "--limit=", "--taskname=", "--range=")
    def test_days_limit_names_and_ranges_choose_tasks(self):
        self.assertEqual(self.losses("--days", "5"), [1.0, 2.0, 3.0])
        self.assertEqual(self.losses("--limit", "1"), [0.0])
        self.assertEqual(self.losses("--taskname", "user.tester.mine", "--days", "60"), [5.0])
        self.assertEqual(self.losses("--range", ":50000001"), [1.0, 2.0, 3.0])

    def record_submission(self, name, answer):
        record = self.base / f"submissions/simple/{name}/submission.json"
        record.parent.mkdir(parents=True)
        record.write_text(json.dumps({"tasks": [{"command": [], "status": 0, "answer": answer}]}))

    def test_what_was_submitted_from_here_is_reported_however_old_and_whatever_its_name(self):
        self.record_submission("1", [{"jediTaskID": 50000003}])
        self.assertEqual(self.losses(), [0.0, 1.0, 2.0, 3.0, 5.0])
        self.assertEqual(self.losses(RUCIO_ACCOUNT=""), [5.0])
        self.assertEqual(self.losses("--days", "5"), [1.0, 2.0, 3.0])

    def test_jobs_of_other_projects_and_programs_and_broken_ones_are_left_out(self):
        self.monitor.metadata[50000001][13] = job_metadata(project="other", losses=(-9.0,))
        self.monitor.metadata[50000001][14] = {"something": "else"}
        self.monitor.metadata[50000001][15] = {"project_name": "simple"}
        done = self.run_hpogrid("report", "simple")
        self.assertIn("4 successful trials of 3 jobs", done.stdout)
        self.assertEqual(done.stderr, "hpogrid: 1 job left metadata that cannot be used\n")

    def test_extra_columns_name_the_task_and_the_site_of_each_job(self):
        self.monitor.jobs[50000001] = [{"pandaid": 11, "computingsite": "SITE_A", "jobstatus": "finished"},
                                       {"pandaid": 12, "computingsite": "SITE_B", "jobstatus": "finished"}]
        self.hpogrid("report", "simple", "--days", "5", "--extra", "site,taskid", "--to_json")
        rows = json.loads((self.base / "hpo_result.json").read_text())
        self.assertEqual([(row["loss"], row["site"], row["taskid"]) for row in rows],
                         [(1.0, "SITE_A", "50000001"), (2.0, "SITE_B", "50000001"), (3.0, "SITE_A", "50000001")])

    @proves("report", "--local")
    def test_a_project_that_has_run_here_alone_asks_nobody(self):
        self.hpogrid("local_run", "simple", "--ranks", "1", "--", "--progress", "none")
        self.assertEqual(len(self.losses()), 6)
        self.assertEqual(self.monitor.questions, [])
        self.assertEqual(len(self.losses("--days", "30")), 10)
        self.record_submission("slurm", "17")
        self.assertEqual(len(self.losses()), 6)
        self.record_submission("panda", [{"jediTaskID": 50000001}])
        self.assertEqual(len(self.losses()), 10)
        asked = len(self.monitor.questions)
        self.assertEqual(len(self.losses("--local")), 6)
        self.assertEqual(len(self.monitor.questions), asked)

    def test_what_the_monitor_leaves_out_comes_from_panda_itself_for_who_has_a_token(self):
        panda = PandaServer()
        self.addCleanup(panda.close)
        missing = {job: {"user_job_metadata": found} for job, found in self.monitor.metadata.pop(50000002).items()}
        panda.metadata[50000002] = missing
        self.assertEqual(self.losses(), [1.0, 2.0, 3.0])
        self.environment.update(panda.environment, PANDA_AUTH="oidc", PANDA_AUTH_ID_TOKEN="secret", PANDA_AUTH_VO="atlas")
        self.assertEqual(self.losses(), [0.0, 1.0, 2.0, 3.0])
        self.assertEqual(panda.authorization, ("Bearer secret", "atlas"))
        self.assertEqual([call for call, _ in panda.calls], ["job/get_metadata_for_analysis_jobs"])
        panda.refuse = "no"
        done = self.run_hpogrid("report", "simple")
        self.assertIn("3 successful trials", done.stdout)
        self.assertRegex(done.stderr, r"^hpogrid: PanDA \(http://.*\) gives no metadata of task 50000002\n$")

    def test_a_project_that_nobody_knows_asks_nobody(self):
        self.assertIn("there are no results of project 'smple'", self.refusal("report", "smple"))
        self.assertEqual(self.monitor.questions, [])

    def test_where_nothing_is_found_the_sentence_says_where_it_was_looked_for(self):
        self.monitor.metadata = {}
        self.assertIn("no results of project 'simple' and in 2 tasks on the grid", self.refusal("report", "simple"))
        self.assertIn("RUCIO_ACCOUNT is not set", self.refusal("report", "simple", RUCIO_ACCOUNT=""))
        self.assertIn("cannot be reached", self.refusal("report", "simple", status=1,
                                                        HPOGRID_BIGPANDA_URL="http://127.0.0.1:9"))


if __name__ == "__main__":
    unittest.main()
