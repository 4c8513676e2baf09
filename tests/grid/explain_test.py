"""hpogrid explain: codes from the digest, and the failed jobs of a task from a monitor on loopback."""
import json
import pathlib
import sys
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "support"))
from hpogrid import HpogridTestCase  # noqa: E402
from monitor_server import MonitorServer  # noqa: E402
from option_proof import proves  # noqa: E402


class Explain(HpogridTestCase):
    def setUp(self):
        super().setUp()
        self.monitor = MonitorServer()
        self.addCleanup(self.monitor.close)
        self.environment.update(self.monitor.environment)

    @proves("explain", "--json")
    def test_a_code_is_told_with_what_to_do(self):
        output = self.hpogrid("explain", "1213")
        self.assertIn("pilot 1213: The job ran longer than the queue allows", output)
        self.assertIn("--time", output)
        self.assertEqual([error["component"] for error in json.loads(self.hpogrid("explain", "100", "--json"))],
                         ["ddm", "jobdispatcher", "taskbuffer"])
        self.assertIn("no error that is known here", self.refusal("explain", "77"))
        self.assertEqual(self.monitor.questions, [])

    def test_failed_jobs_of_a_task_are_told_by_their_errors(self):
        self.monitor.jobs[50000001] = [
            {"pandaid": 1, "jobstatus": "finished", "computingsite": "A", "piloterrorcode": 0},
            {"pandaid": 2, "jobstatus": "failed", "computingsite": "A", "piloterrorcode": 1212,
             "piloterrordiag": "out of \x1b[31mmemory"},
            {"pandaid": 3, "jobstatus": "failed", "computingsite": "B", "piloterrorcode": 1212},
            {"pandaid": 4, "jobstatus": "closed", "computingsite": "B", "taskbuffererrorcode": 102}]
        output = self.hpogrid("explain", "50000001")
        self.assertIn("3 jobs of task 50000001 did not succeed", output)
        self.assertIn("2 jobs at A, B: pilot 1212\n  PanDA says: out of \\x1B[31mmemory\n  The job ran out of memory.",
                      output)
        self.assertLess(output.index("pilot 1212"), output.index("taskbuffer 102"))
        self.assertIn(f"{self.monitor.address}/task/50000001/", output)
        errors = json.loads(self.hpogrid("explain", "50000001", "--json"))
        self.assertEqual([(error["code"], error["jobs"]) for error in errors], [(1212, ["2", "3"]), (102, ["4"])])


if __name__ == "__main__":
    unittest.main()
