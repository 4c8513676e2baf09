import os
import signal
import time
import unittest

from worker import worker


class FunctionsAsUsersWriteThem(unittest.TestCase):
    def run_one(self, model, config=None, script="function_forms.py", **more):
        with worker(script, model) as playing:
            attempt = playing.run(config or {"x": 2.0}, **more)
            self.assertIsNone(attempt.error)
            self.assertTrue(attempt.done)
            self.assertEqual(attempt.status, 0)
            return attempt

    def test_a_reporter_counts_iterations(self):
        attempt = self.run_one("with_reporter")
        self.assertEqual([report["loss"] for report in attempt.reports], [2.0, 1.0, 2.0 / 3])
        self.assertEqual([report["training_iteration"] for report in attempt.reports], [1, 2, 3])

    def test_a_second_argument_of_any_name_is_the_reporter(self):
        self.assertEqual(self.run_one("with_positional_callback").reports[0]["loss"], 2.0)

    def test_a_returned_dict_is_a_report_and_its_lists_are_refused(self):
        attempt = self.run_one("returns_dict")
        self.assertEqual(attempt.reports[0]["loss"], 4.0)
        self.assertEqual(attempt.reports[0]["inner/auc"], 0.5)
        self.assertEqual(attempt.messages[0]["refused"], {"history": "list [1, 2, 3]"})

    def test_a_returned_number_is_the_metric(self):
        self.assertEqual(self.run_one("returns_number", HPOGRID_METRIC="loss").reports[0]["loss"], 2.0)

    def test_each_yielded_dict_is_a_report(self):
        self.assertEqual([report["loss"] for report in self.run_one("yields").reports], [0, 1])

    def test_report_takes_a_dict_keywords_or_both(self):
        reports = self.run_one("reports").reports
        self.assertEqual([report["loss"] for report in reports], [1.0, 0.5, 0.25])
        self.assertEqual(reports[1]["accuracy"], 0.9)

    def test_values_that_are_no_finite_numbers_are_named(self):
        message = self.run_one("strange_values").messages[0]
        report = message["report"]
        self.assertEqual((report["loss"], report["up"], report["down"]), ("nan", "inf", "-inf"))
        self.assertEqual((report["flag"], report["big"]), (1, "inf"))
        self.assertEqual(message["refused"], {"name": "str 'abc'", "nothing": "NoneType None"})

    def test_folders_end_with_a_slash_and_the_trial_runs_in_its_own(self):
        with worker("function_forms.py", "says_where") as playing:
            attempt = playing.prepare(CUDA_VISIBLE_DEVICES="GPU-1")
            playing.order(attempt, {}, HPOGRID_DATA_DIR="/data", HPOGRID_WORK_DIR="/work/")
            playing.wait(lambda: attempt.status is not None)
            folder = os.path.join(playing.folder, "000000")
            self.assertTrue(os.path.exists(os.path.join(folder, "mine.txt")))
            self.assertIn("data /data/ work /work/ trial {}/\n".format(folder), attempt.output)
            self.assertEqual(attempt.reports[0]["leader"], 1)

    def test_the_gpu_of_the_slot_is_visible(self):
        with worker("function_forms.py", "says_where") as playing:
            attempt = playing.prepare(CUDA_VISIBLE_DEVICES="GPU-1")
            playing.order(attempt, {})
            playing.wait(lambda: attempt.status is not None)
            self.assertIn("gpu GPU-1\n", attempt.output)

    def test_the_seed_decides_the_random_numbers(self):
        with worker("function_forms.py", "says_where") as playing:
            draws = [playing.run(seed=seed).reports[0]["draw"] for seed in (5, 5, 6)]
        self.assertEqual(draws[0], draws[1])
        self.assertNotEqual(draws[0], draws[2])

    def test_a_trial_continues_from_its_checkpoint(self):
        with worker("function_forms.py", "with_checkpoints") as playing:
            first = playing.run({"epochs": 3})
            kept = [message["checkpoint"]["path"] for message in first.messages if "report" in message]
            self.assertEqual([os.path.basename(path) for path in kept], ["000000_1_1", "000000_1_2", "000000_1_3"])
            second = playing.run({"epochs": 4}, checkpoint=kept[2])
        self.assertEqual([(report["epoch"], report["training_iteration"]) for report in second.reports], [(4, 4)])

    def test_a_trial_waits_at_its_milestone_until_it_may_go_on(self):
        with worker("function_forms.py", "with_checkpoints") as playing:
            attempt = playing.prepare()
            playing.order(attempt, {"epochs": 5}, milestone=2)
            playing.wait(lambda: len(attempt.reports) == 2)
            time.sleep(0.2)
            playing.wait(lambda: True)
            self.assertEqual(len(attempt.reports), 2)
            playing.proceed(attempt, 4)
            playing.wait(lambda: len(attempt.reports) == 4)
            playing.proceed(attempt, None)
            playing.wait(lambda: attempt.status is not None)
        self.assertTrue(attempt.done)
        self.assertEqual(len(attempt.reports), 5)

    def test_a_trial_that_is_asked_to_leave_ends_with_its_next_checkpoint(self):
        with worker("function_forms.py", "with_checkpoints") as playing:
            attempt = playing.prepare()
            playing.order(attempt, {"epochs": 10**9}, milestone=3)
            playing.wait(lambda: len(attempt.reports) == 3)
            attempt.channel.sendall(b'{"leave":true}\n')
            playing.wait(lambda: attempt.status is not None)
            self.assertIn({"left": True}, attempt.messages)
            self.assertFalse(attempt.done)
            self.assertEqual(len(attempt.reports), 3)

    def test_a_waiting_trial_is_ended_by_sigterm(self):
        with worker("function_forms.py", "with_checkpoints") as playing:
            attempt = playing.prepare()
            playing.order(attempt, {"epochs": 5}, milestone=1)
            playing.wait(lambda: attempt.reports and attempt.pid)
            os.killpg(attempt.pid, signal.SIGTERM)
            playing.wait(lambda: attempt.status is not None)
            self.assertTrue(os.path.isdir(attempt.messages[0]["checkpoint"]["path"]), "its checkpoint is whole")
        self.assertFalse(attempt.done)

    def test_a_waiting_trial_ends_when_its_worker_has_gone(self):
        with worker("function_forms.py", "with_checkpoints") as playing:
            attempt = playing.prepare()
            playing.order(attempt, {"epochs": 5}, milestone=1)
            playing.wait(lambda: attempt.reports and attempt.pid)
            attempt.channel.close()
            playing.wait(lambda: attempt.status is not None)

    def test_the_milestone_may_be_about_any_reported_number(self):
        with worker("function_forms.py", "with_checkpoints") as playing:
            attempt = playing.prepare()
            playing.order(attempt, {"epochs": 5}, milestone=3, HPOGRID_TIME_ATTRIBUTE="epoch")
            playing.wait(lambda: len(attempt.reports) == 3)
            playing.proceed(attempt, None)
            playing.wait(lambda: attempt.status is not None)
        self.assertEqual(len(attempt.reports), 5)

    def test_checkpoint_dir_is_given_to_functions_that_ask_for_it(self):
        self.assertEqual(self.run_one("continues_old_way").reports[0]["restored"], 0)


class FunctionsForRay(unittest.TestCase):
    def run_one(self, model, **more):
        with worker("ray_forms.py", model) as playing:
            attempt = playing.run({"x": 3.0}, **more)
            self.assertIsNone(attempt.error)
            self.assertTrue(attempt.done)
            return attempt

    def test_tune_report_with_keywords(self):
        self.assertEqual([report["loss"] for report in self.run_one("tune_keywords").reports], [3.0, 1.5])

    def test_tune_report_with_a_dict(self):
        self.assertEqual(self.run_one("tune_dict").reports[0]["loss"], 3.0)

    def test_session_report(self):
        self.assertEqual(self.run_one("session_report").reports[0]["loss"], 3.0)

    def test_train_report_with_a_checkpoint_is_continued(self):
        with worker("ray_forms.py", "train_with_checkpoint") as playing:
            first = playing.run({})
            self.assertEqual([report["loss"] for report in first.reports], [1.0, 0.5])
            second = playing.run({}, checkpoint=first.messages[0]["checkpoint"]["path"])
        self.assertEqual([report["loss"] for report in second.reports], [0.5])

    def test_checkpoint_dir_is_announced_with_the_next_report(self):
        with worker("ray_forms.py", "checkpoint_dir") as playing:
            attempt = playing.run({"x": 1.0})
            with open(os.path.join(attempt.messages[0]["checkpoint"]["path"], "model")) as file:
                self.assertEqual(file.read(), "weights")

    def test_with_parameters_binds_data(self):
        self.assertEqual(self.run_one("with_parameters").reports[0]["loss"], 6)

    def test_what_the_stand_in_lacks_is_named(self):
        with worker("ray_forms.py", "wants_more") as playing:
            error = playing.run().error
        self.assertIn("ray.put is not there: hpogrid-engine evaluates trials itself", error)

    def test_a_search_inside_a_trial_is_refused(self):
        with worker("ray_forms.py", "runs_a_search") as playing:
            self.assertIn("tune.run() cannot run inside hpogrid-engine", playing.run().error)


if __name__ == "__main__":
    unittest.main()
