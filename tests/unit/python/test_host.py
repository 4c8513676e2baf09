import os
import signal
import time
import unittest

from worker import worker

from process_table import folder_of, is_alive


class Faults(unittest.TestCase):
    def run_one(self, model):
        with worker("faults.py", model) as playing:
            attempt = playing.run()
            self.assertFalse(attempt.done)
            self.output = attempt.output
            return attempt

    def test_an_exception_gives_its_traceback_from_the_users_first_line_on(self):
        attempt = self.run_one("raises")
        self.assertTrue(attempt.error.startswith("Traceback (most recent call last):\n  File"))
        self.assertIn("faults.py", attempt.error.splitlines()[1])
        self.assertTrue(attempt.error.endswith("RuntimeError: negative width"))
        self.assertIn("about to fail\nTraceback", self.output)
        self.assertEqual(attempt.messages[-1]["kind"], "exception")

    def test_sys_exit_before_the_end_is_an_error(self):
        self.assertIn("sys.exit(3)", self.run_one("leaves_with_sys_exit").error)

    def test_sys_exit_without_an_error_after_a_report_is_an_end(self):
        with worker("faults.py", "leaves_after_reporting") as playing:
            self.assertTrue(playing.run().done)

    def test_the_status_of_os_exit_is_seen(self):
        self.assertEqual(os.WEXITSTATUS(self.run_one("leaves_at_once").status), 7)

    def test_a_crash_is_seen_and_its_python_frames_are_in_the_log(self):
        self.assertEqual(os.WTERMSIG(self.run_one("crashes").status), signal.SIGSEGV)
        self.assertIn("faults.py", self.output)

    def test_want_of_memory_has_its_own_kind(self):
        self.assertEqual(self.run_one("runs_out_of_memory").messages[-1]["kind"], "oom")
        self.assertEqual(self.run_one("runs_out_of_gpu_memory").messages[-1]["kind"], "oom")

    def test_a_function_that_gives_nothing_is_an_error(self):
        with worker("function_forms.py", "returns_nothing") as playing:
            self.assertIn("neither reported nor returned a metric", playing.run().error)

    def test_a_function_that_returns_text_is_an_error(self):
        with worker("function_forms.py", "returns_text") as playing:
            self.assertIn("the model returned str '0.5'", playing.run().error)

    def test_the_next_trial_runs_after_a_crash(self):
        with worker("faults.py", "crashes") as playing:
            self.assertEqual(os.WTERMSIG(playing.run().status), signal.SIGSEGV)
            self.assertEqual(os.WTERMSIG(playing.run().status), signal.SIGSEGV)


class ScriptsThatCannotBeUsed(unittest.TestCase):
    def error(self, script, model="objective", **more):
        with worker(script, model, **more) as playing:
            return playing.first_answer()["import_error"]

    def test_an_import_error_gives_the_traceback(self):
        error = self.error("bad_import.py")
        self.assertIn("bad_import.py", error.splitlines()[1])
        self.assertIn("No module named 'no_such_module_of_anyone'", error)

    def test_a_syntax_error_names_its_line(self):
        error = self.error("bad_syntax.py")
        self.assertIn("bad_syntax.py\", line 2", error)
        self.assertIn("SyntaxError", error)

    def test_a_missing_model_names_the_nearest(self):
        self.assertIn("has no 'MyTrainble' (did you mean 'MyTrainable'?)", self.error("old_class.py", "MyTrainble"))

    def test_a_model_that_cannot_be_called_is_refused(self):
        self.assertIn("'varlist' is list", self.error("old_class.py", "varlist"))

    def test_a_missing_script_is_named(self):
        self.assertIn("no_such.py: no such file", self.error("no_such.py"))

    def test_with_fresh_interpreters_the_trial_gives_the_traceback(self):
        with worker("bad_import.py", start="spawn") as playing:
            self.assertIn("no_such_module_of_anyone", playing.run().error)


class WaysToStart(unittest.TestCase):
    def test_a_plain_script_is_forked(self):
        with worker("faults.py", "good") as playing:
            self.assertEqual(playing.first_answer()["ready"], "fork")

    def test_a_thread_at_import_means_fresh_interpreters_and_is_told(self):
        with worker("thread_at_import.py") as playing:
            answer = playing.first_answer()
            self.assertEqual(answer["ready"], "spawn")
            self.assertIn("prefetcher", answer["reason"])
            attempts = [playing.run(), playing.run()]
            self.assertEqual([attempt.reports[0]["threads"] for attempt in attempts], [2, 2])

    def test_the_configuration_can_ask_for_fresh_interpreters(self):
        with worker("old_class.py", "MyTrainable", start="spawn") as playing:
            self.assertEqual(playing.first_answer()["ready"], "spawn")
            for _ in range(2):
                self.assertTrue(playing.run({"x": 1, "steps": 1}).done)

    def test_a_forked_trial_imports_nothing_again(self):
        with worker("slow_import.py") as playing:
            playing.first_answer()
            begin = time.monotonic()
            playing.run()
            self.assertLess(time.monotonic() - begin, 0.9)

    def test_a_fresh_interpreter_has_imported_when_the_order_comes(self):
        with worker("slow_import.py", start="spawn") as playing:
            attempt = playing.prepare()
            playing.wait(lambda: attempt.pid is not None)
            time.sleep(2.0)
            begin = time.monotonic()
            playing.order(attempt, {})
            playing.wait(lambda: attempt.status is not None)
            self.assertLess(time.monotonic() - begin, 0.9)


class LifeOfTheHost(unittest.TestCase):
    def test_a_waiting_process_ends_when_its_channel_closes(self):
        with worker("faults.py", "good") as playing:
            attempt = playing.prepare()
            playing.wait(lambda: attempt.pid is not None)
            attempt.channel.close()
            playing.wait(lambda: attempt.status is not None)
            self.assertEqual(attempt.status, 0)

    def test_trials_die_with_the_host(self):
        for start in ("fork", "spawn"):
            with worker("faults.py", "ignores_sigterm", start=start) as playing:
                attempt = playing.prepare()
                playing.order(attempt, {})
                playing.wait(lambda: attempt.reports)
                playing.host.kill()
                playing.host.wait()
                deadline = time.monotonic() + 10
                while is_alive(attempt.pid) and time.monotonic() < deadline:
                    time.sleep(0.01)
                self.assertFalse(is_alive(attempt.pid))

    def test_the_host_ends_with_the_worker(self):
        with worker("faults.py", "good") as playing:
            playing.first_answer()
            playing.control.close()
            self.assertEqual(playing.host.wait(10), 0)

    def test_trials_of_two_slots_run_at_the_same_time(self):
        with worker("faults.py", "hangs") as playing:
            attempts = [playing.prepare(), playing.prepare()]
            for attempt in attempts:
                playing.order(attempt, {})
            playing.wait(lambda: all(attempt.reports and attempt.pid for attempt in attempts))
            for attempt in attempts:
                os.killpg(attempt.pid, signal.SIGTERM)
            playing.wait(lambda: all(attempt.status is not None for attempt in attempts))
            self.assertEqual([os.WTERMSIG(attempt.status) for attempt in attempts], [signal.SIGTERM] * 2)

    def test_no_descriptor_leaks_with_the_trials(self):
        with worker("faults.py", "good") as playing:
            playing.run()
            before = len(os.listdir(folder_of(playing.host.pid) / "fd"))
            for _ in range(20):
                playing.run()
            self.assertEqual(len(os.listdir(folder_of(playing.host.pid) / "fd")), before)


if __name__ == "__main__":
    unittest.main()
