import os
import signal
import unittest

from worker import worker


class ClassesOfBothGenerations(unittest.TestCase):
    def test_an_old_class_is_stepped_until_it_is_done(self):
        with worker("old_class.py", "MyTrainable") as playing:
            attempt = playing.run({"x": 6, "steps": 3})
            self.assertTrue(attempt.done)
            self.assertEqual([report["loss"] for report in attempt.reports], [6.0, 3.0, 2.0])
            self.assertEqual([report["training_iteration"] for report in attempt.reports], [1, 2, 3])
            self.assertIn("Model: 3 layers", attempt.output)

    def test_a_global_that_one_trial_mutates_is_whole_for_the_next(self):
        with worker("old_class.py", "MyTrainable") as playing:
            for _ in range(2):
                attempt = playing.run({"x": 1, "steps": 1})
                self.assertIsNone(attempt.error)
                self.assertEqual(attempt.reports[0]["variables"], 2)

    def test_a_new_class_is_cleaned_up_when_it_is_done(self):
        with worker("new_class.py", "MyTrainable") as playing:
            attempt = playing.run({"x": 2})
            self.assertEqual([report["total"] for report in attempt.reports], [2, 4, 6])
            self.assertIn("cleaned up 6", attempt.output)

    def test_a_class_that_can_be_reset_begins_the_next_trial_whatever_was_said_to_the_last_one(self):
        with worker("new_class.py", "Reusable") as playing:
            attempt = playing.prepare()
            playing.order(attempt, {"x": 2})
            playing.wait(lambda: attempt.done)
            self.assertIn({"kept": True}, attempt.messages)
            attempt.channel.sendall(b'{"release":true}\n{"proceed":null}\n')
            attempt.messages.clear()
            playing.order(attempt, {"x": 5, "agrees": True})
            playing.wait(lambda: attempt.done)
            self.assertEqual([report["total"] for report in attempt.reports], [5, 10, 15])
            self.assertEqual([report["training_iteration"] for report in attempt.reports], [1, 2, 3])
            self.assertIsNone(attempt.status)
            self.assertNotIn("cleaned up", attempt.output)

    def test_a_class_that_refuses_to_be_reset_is_cleaned_up_and_says_so(self):
        with worker("new_class.py", "Reusable") as playing:
            attempt = playing.prepare()
            playing.order(attempt, {"x": 2})
            playing.wait(lambda: attempt.done)
            playing.order(attempt, {"x": 5, "agrees": False})
            playing.wait(lambda: attempt.status is not None)
            self.assertIn({"cannot_reset": True}, attempt.messages)
            self.assertEqual(attempt.status, 0)
            self.assertIn("cleaned up", attempt.output)

    def test_an_endless_class_dies_of_sigterm_after_its_cleanup(self):
        with worker("new_class.py", "Endless") as playing:
            attempt = playing.prepare()
            playing.order(attempt, {})
            playing.wait(lambda: len(attempt.reports) > 3 and attempt.pid)
            os.killpg(attempt.pid, signal.SIGTERM)
            playing.wait(lambda: attempt.status is not None)
            self.assertFalse(attempt.done)
            self.assertIsNone(attempt.error)
            self.assertEqual(os.WTERMSIG(attempt.status), signal.SIGTERM)
            self.assertIn("cleaned up", attempt.output)

    def test_a_stop_condition_ends_an_endless_class_at_once_and_in_good_order(self):
        with worker("new_class.py", "Endless") as playing:
            attempt = playing.run(HPOGRID_STOP='{"training_iteration": 5, "loss": 1000}')
            self.assertTrue(attempt.done)
            self.assertIsNone(attempt.error)
            self.assertEqual(len(attempt.reports), 5)
            self.assertIn("cleaned up", attempt.output)

    def test_the_original_custom_model_is_initialised_in_the_work_folder(self):
        with worker("new_class.py", "Initialized") as playing:
            attempt = playing.run(HPOGRID_WORK_DIR="/")
            self.assertEqual(attempt.reports[0]["in_work_folder"], 1)

    def test_a_class_that_cannot_be_trained_is_refused(self):
        with worker("new_class.py", "NoTrainable") as playing:
            self.assertIn("derive it from hpogrid.Trainable", playing.run().error)


class SavingAndRestoring(unittest.TestCase):
    def test_a_class_saves_itself_with_the_report_that_reaches_its_milestone_and_goes_on_from_there(self):
        with worker("new_class.py", "MyTrainable") as playing:
            first = playing.prepare()
            playing.order(first, {"x": 2}, milestone=2)
            playing.wait(lambda: len(first.reports) == 2 and first.pid)
            os.killpg(first.pid, signal.SIGTERM)
            playing.wait(lambda: first.status is not None)
            self.assertNotIn("checkpoint", first.messages[0])
            self.assertIn("cleaned up 4", first.output)
            second = playing.run({"x": 5}, checkpoint=first.messages[1]["checkpoint"]["path"])
        self.assertEqual([(report["total"], report["training_iteration"]) for report in second.reports], [(9, 3)])

    def test_a_class_that_is_asked_to_leave_saves_itself_first(self):
        with worker("new_class.py", "Saving") as playing:
            attempt = playing.prepare()
            playing.order(attempt, {})
            playing.wait(lambda: len(attempt.reports) > 3)
            attempt.channel.sendall(b'{"leave":true}\n')
            playing.wait(lambda: attempt.status is not None)
            self.assertEqual(attempt.messages[-1], {"left": True})
            self.assertIn("checkpoint", attempt.messages[-2])

    def test_a_class_saves_itself_at_its_end_unless_nothing_is_to_be_kept(self):
        with worker("new_class.py", "MyTrainable") as playing:
            kept = ["checkpoint" in message for message in playing.run({"x": 2}).messages if "report" in message]
            limited = playing.run({"x": 2}, HPOGRID_STOP='{"training_iteration": 2}')
            bare = playing.run({"x": 2}, HPOGRID_SAVE_AT_END="0")
        self.assertEqual(kept, [False, False, True])
        self.assertIn("checkpoint", limited.messages[1])
        self.assertFalse(any("checkpoint" in message for message in bare.messages))

    def test_both_generations_continue_from_what_they_saved(self):
        import sys
        import tempfile

        from worker import PACKAGE, SCRIPTS

        sys.path[:0] = [PACKAGE, os.path.join(PACKAGE, "ray_standin"), SCRIPTS]
        import new_class
        import old_class

        for kind, config, attribute in (
            (new_class.MyTrainable, {"x": 2}, "total"),
            (old_class.MyTrainable, {"x": 2, "steps": 9}, "state"),
        ):
            old_class.varlist[:] = ["u", "v", "w"]
            with tempfile.TemporaryDirectory() as folder:
                first = kind(config)
                first.train()
                first.train()
                self.assertTrue(first.can_save())
                first.save(folder)
                old_class.varlist[:] = ["u", "v", "w"]
                second = kind(config)
                second.restore(folder)
            self.assertEqual(second.iteration, 2)
            self.assertEqual(getattr(second, attribute), getattr(first, attribute))


if __name__ == "__main__":
    unittest.main()
