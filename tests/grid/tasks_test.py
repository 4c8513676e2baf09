"""hpogrid tasks show against a monitor on loopback; every option changes what is asked or shown."""
import json
import os
import pathlib
import pty
import select
import socket
import subprocess
import sys
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "support"))
from hpogrid import HPOGRID, HpogridTestCase  # noqa: E402
from monitor_server import MonitorServer, job_metadata  # noqa: E402
from option_proof import proves  # noqa: E402


class TasksShow(HpogridTestCase):
    def setUp(self):
        super().setUp()
        self.monitor = MonitorServer()
        self.addCleanup(self.monitor.close)
        self.environment.update(self.monitor.environment)
        self.monitor.add_task(50000001, status="done")
        self.monitor.add_task(50000002, "user.tester.hpogrid.other.out.2/", status="running", age=10)
        self.monitor.add_task(50000003, "user.tester.analysis/", status="failed", age=40)
        self.monitor.add_task(50000004, "user.another.hpogrid.simple.out.3/", username="An Other")

    def shown(self, *arguments, **options):
        """The numbers of the tasks that are shown."""
        return [task["jeditaskid"] for task in json.loads(self.hpogrid("tasks", "show", "--json", *arguments, **options))]

    def on_a_terminal(self, *arguments, **environment):
        """What a terminal gets."""
        ours, theirs = pty.openpty()
        process = subprocess.Popen([HPOGRID, *arguments], cwd=self.base, stdin=subprocess.DEVNULL, stdout=theirs,
                                   env=dict(self.environment, TERM="xterm", **environment))
        os.close(theirs)
        text = b""
        while select.select([ours], [], [], 30)[0]:
            try:
                part = os.read(ours, 65536)
            except OSError:
                break
            text += part
        os.close(ours)
        self.assertEqual(process.wait(30), 0)
        return text.decode()

    def test_ones_own_tasks_of_the_last_month_are_shown_the_newest_first(self):
        self.assertEqual(self.shown(), [50000002, 50000001])
        output = self.hpogrid("tasks", "show")
        self.assertRegex(output, r"50000002 +running +100 % +0 % +user\.tester\.hpogrid\.other\.out\.2/")
        self.assertIn("2 tasks of the last 30 days (--days), of the newest 1000 (--limit)", output)
        self.assertIn("RUCIO_ACCOUNT is not set", self.refusal("tasks", "show", RUCIO_ACCOUNT=""))

    def test_the_newest_task_with_failures_is_offered_to_be_explained(self):
        self.assertNotIn("hpogrid explain", self.hpogrid("tasks", "show"))
        self.assertIn("hpogrid explain 50000003 tells why", self.hpogrid("tasks", "show", "--days", "90"))
        self.monitor.add_task(50000008, "user.tester.part/", status="finished", pctfailed=20.0)
        self.assertIn("hpogrid explain 50000008 tells why", self.hpogrid("tasks", "show", "--days", "90"))

    @proves("tasks show", "--days=", "--limit=", "--json")
    def test_days_and_limit_choose(self):
        self.assertEqual(self.shown("--days", "5"), [50000001])
        self.assertEqual(self.shown("--days", "50"), [50000003, 50000002, 50000001])
        self.assertEqual(self.shown("--limit", "1"), [50000002])
        self.assertIn("an integer from 1", self.refusal("tasks", "show", "--days", "-1"))

    @proves("tasks show", "--taskname=")
    def test_names_match_with_all_wildcards_of_a_shell(self):
        self.assertEqual(self.shown("--taskname", "*.hpogrid.*"), [50000004, 50000002, 50000001])
        self.assertEqual(self.shown("--taskname", "user.tester.hpogrid.simple.out.?"), [50000001])
        self.assertEqual(self.shown("--taskname", "user.*.out.[13]"), [50000004, 50000001])
        self.assertEqual(self.shown("--taskname", "*.OTHER.*"), [])

    @proves("tasks show", "--username=", "--status=", "--jeditaskid=/-i", "--range=")
    def test_a_user_a_state_a_number_and_a_range_choose(self):
        self.assertEqual(self.shown("--username", "An*"), [50000004])
        self.assertEqual(self.shown("--status", "running,failed", "--days", "90"), [50000003, 50000002])
        self.assertEqual(self.shown("--jeditaskid", "50000003"), [50000003])
        self.assertEqual(self.shown("-i", "50000001,50000004"), [50000004, 50000001])
        self.assertEqual(self.shown("--range", "50000002:"), [50000002])
        self.assertEqual(self.shown("--range", "50000001-50000001"), [50000001])
        self.assertIn("no range of tasks", self.refusal("tasks", "show", "--range", "5"))
        self.assertIn("no number of a task", self.refusal("tasks", "show", "--jeditaskid", "123"))

    @proves("tasks show", "--sync")
    def test_sync_asks_what_no_cache_holds(self):
        self.shown()
        self.assertNotIn("timestamp", self.monitor.questions[-1][1])
        self.shown("--sync")
        self.assertIn("timestamp", self.monitor.questions[-1][1])

    @proves("tasks show", "--metadata/-m")
    def test_metadata_of_every_job_of_every_task_is_printed_however_many_there_are(self):
        for number in range(60000000, 60000150):
            self.monitor.add_task(number, f"user.tester.many.{number}/")
            self.monitor.metadata[number] = {1: job_metadata("a"), 2: job_metadata("b")}
        output = self.hpogrid("tasks", "show", "--metadata", "--taskname", "user.tester.many.*")
        self.assertEqual(output.count('"project_name": "a"'), 150)
        self.assertEqual(output.count('"project_name": "b"'), 150)
        tasks = json.loads(self.hpogrid("tasks", "show", "--json", "-m", "--range", "60000149:60000149"))
        self.assertEqual(tasks[0]["jobs_metadata"]["2"]["project_name"], "b")
        self.assertNotIn("jobs_metadata", self.hpogrid("tasks", "show", "--json"))

    def test_numbers_that_only_python_takes_for_json_spoil_nothing(self):
        self.monitor.metadata[50000001] = {1: job_metadata(losses=(1.0, float("nan")), note="NaN stays here")}
        output = self.hpogrid("tasks", "show", "--metadata")
        self.assertIn('"loss": null', output)
        self.assertIn("NaN stays here", output)

    @proves("tasks show", "--output=/-o", "--outcol=/-c", "--overwrite")
    def test_output_holds_the_columns_that_were_asked_for(self):
        self.monitor.metadata[50000001] = {1: job_metadata()}
        self.hpogrid("tasks", "show", "--output", "tasks.json")
        rows = json.loads((self.base / "tasks.json").read_text())
        self.assertEqual(set(rows[0]), {"jeditaskid", "status", "taskname", "computingsite", "metastruct"})
        self.assertEqual(rows[1]["metastruct"]["1"]["project_name"], "simple")
        self.assertIn("exists already", self.refusal("tasks", "show", "-o", "tasks.json"))
        self.hpogrid("tasks", "show", "-o", "tasks.json", "--overwrite", "--outcol", "jeditaskid,username")
        self.assertEqual(json.loads((self.base / "tasks.json").read_text())[0],
                         {"jeditaskid": 50000002, "username": "Test Er"})
        self.assertIn("did you mean 'status'?", self.refusal("tasks", "show", "-o", "more.json", "-c", "statos"))

    def test_only_a_terminal_gets_colours_and_not_where_they_are_unwanted(self):
        self.assertNotIn("\x1b", self.hpogrid("tasks", "show"))
        self.assertIn("\x1b[1;34m50000002", self.on_a_terminal("tasks", "show"))
        self.assertNotIn("\x1b", self.on_a_terminal("tasks", "show", NO_COLOR="1"))

    def test_what_the_monitor_says_is_harmless_on_a_terminal(self):
        self.monitor.add_task(50000009, "user.tester.\x1b]0;owned\x07\n/")
        self.assertNotIn("\x1b", self.hpogrid("tasks", "show"))

    def test_a_server_that_does_not_answer_as_it_should_is_status_1_and_one_sentence(self):
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            address = f"http://127.0.0.1:{free.getsockname()[1]}"
        self.assertRegex(self.refusal("tasks", "show", status=1, HPOGRID_BIGPANDA_URL=address),
                         r"BigPanDA \(http://.*\) cannot be reached \(.*\); HPOGRID_BIGPANDA_URL names another address")
        self.assertIn("is no address of a server", self.refusal("tasks", "show", status=1, HPOGRID_BIGPANDA_URL="ftp;"))
        self.assertIn("cannot be reached", self.refusal("tasks", "show", status=1,
                                                        HPOGRID_BIGPANDA_URL="file:///etc/passwd?"))
        for broken, sentence in (((503, ""), "answers with status 503"), ((200, "<html>"), "answers no JSON"),
                                 ((200, "{}"), "something else than a list of tasks"),
                                 ((200, '[{"taskname": "x"}]'), "something else than a list of tasks")):
            self.monitor.broken = broken
            self.assertIn(sentence, self.refusal("tasks", "show", status=1))


if __name__ == "__main__":
    unittest.main()
