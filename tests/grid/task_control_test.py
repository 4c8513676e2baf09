"""hpogrid tasks kill and retry through the unmodified pbook of the PanDA client."""
import os
import pathlib
import pty
import subprocess
import sys
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "support"))
from hpogrid import HPOGRID  # noqa: E402
from option_proof import proves, without_left_out  # noqa: E402
from panda_case import PandaTestCase  # noqa: E402


class TaskControl(PandaTestCase):
    def setUp(self):
        super().setUp()
        self.server.tasks = {50000001: {}, 50000002: {}}

    def test_each_task_that_is_named_is_killed_or_retried(self):
        self.hpogrid("tasks", "kill", "50000001", "50000002")
        self.assertEqual(self.server.commands, [("task/kill", 50000001), ("task/kill", 50000002)])
        self.hpogrid("tasks", "retry", "50000002")
        self.assertEqual(self.server.commands[2:], [("task/retry", 50000002)])

    def test_what_panda_refuses_is_status_1_and_the_other_tasks_are_tried(self):
        done = self.run_hpogrid("tasks", "kill", "50000007,50000001")
        self.assertEqual(done.returncode, 1, done.stdout + done.stderr)
        self.assertIn("hpogrid: pbook could not kill task 50000007 (see above)\n", done.stderr)
        self.assertEqual(self.server.commands, [("task/kill", 50000007), ("task/kill", 50000001)])
        self.server.refuse = "no permission"
        self.assertEqual(self.run_hpogrid("tasks", "retry", "50000001").returncode, 1)

    def test_numbers_that_pbook_takes_for_requests_are_refused_before_anything_is_done(self):
        for wrong in ("123", "9999999", "all", "1);import os"):
            self.assertIn("no number of a task", self.refusal("tasks", "kill", "50000001", wrong))
        self.assertEqual(self.server.calls, [])

    @proves("tasks {kill,retry}", "--dry-run")
    def test_a_dry_run_does_nothing(self):
        for command in ("kill", "retry"):
            with self.subTest(command):
                self.assertEqual(self.hpogrid("tasks", command, "50000001", "--dry-run"),
                                 f"pbook -c '{command}(50000001)'\n")
        self.assertEqual(self.server.calls, [])

    @proves("tasks {kill,retry}", "--yes")
    def test_somebody_at_a_terminal_is_asked_unless_yes_is_said(self):
        def on_a_terminal(answer, *options, command="kill"):
            ours, theirs = pty.openpty()
            os.write(ours, answer)
            arguments = without_left_out("hpogrid", ["tasks", command, "50000001", *options])
            try:
                return subprocess.run([HPOGRID, *arguments], cwd=self.base, stdin=theirs, env=self.environment,
                                      capture_output=True, text=True, timeout=60)
            finally:
                os.close(ours)
                os.close(theirs)
        done = on_a_terminal(b"n\n")
        self.assertEqual((done.returncode, self.server.commands), (1, []), done.stdout + done.stderr)
        self.assertIn("Kill task 50000001? [y/N]", done.stderr)
        self.assertEqual(on_a_terminal(b"y\n").returncode, 0)
        self.assertEqual(len(self.server.commands), 1)
        for command in ("kill", "retry"):
            self.assertNotIn("[y/N]", on_a_terminal(b"n\n", "--yes", command=command).stderr)
        self.assertEqual([command for command, _ in self.server.commands[1:]], ["task/kill", "task/retry"])

    def test_a_missing_client_is_named(self):
        folder = pathlib.Path(HPOGRID).parent
        self.assertIn("pbook is not on $PATH", self.refusal("tasks", "kill", "50000001", PATH=f"{folder}:/usr/bin:/bin"))


if __name__ == "__main__":
    unittest.main()
