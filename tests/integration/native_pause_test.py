"""Native trials that pause, move and go on: checkpoints and populations of the native trainer under the real mpirun."""
import math
import os
import pathlib
import re
import signal
import sys
import time
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "support"))
import engine  # noqa: E402
import native_study  # noqa: E402

HALVING = {"scheduler": "bohbhyperband", "scheduler_param": {"max_t": 9, "reduction_factor": 3}}
POPULATION = {"scheduler": "pbt", "num_trials": 6, "slots_per_gpu": 2, "metric": "loss", "mode": "min", "extra_metrics": [],
              "scheduler_param": {"time_attr": "training_iteration", "perturbation_interval": 2,
                                  "hyperparam_mutations": {"lr": {}, "dropout": {}}}}


class NativeCheckpointTestCase(native_study.NativeStudyTestCase):
    def saved(self):
        folder = self.folder / "results.checkpoints"
        return sorted(path.name for path in folder.iterdir()) if folder.exists() else []

    def undisturbed(self):
        """Reports of the same trials without a scheduler, in slots of one worker."""
        self.project["hpo_config"].update(scheduler=None, scheduler_param={})
        return self.curves(self.assert_study_succeeds(ranks=1))

    def kill_all_ranks(self, process):
        for process_id in engine.rank_processes(process.pid).values():
            os.kill(process_id, signal.SIGKILL)
        process.communicate(timeout=60)

    def train_for(self, epochs, batch_size, layers):
        self.project["model_config"]["param"]["epochs"] = epochs
        self.project["hpo_config"]["stop"] = {"training_iteration": epochs}
        self.project["search_space"].update(batch_size={"method": "fixed", "dimension": {"value": batch_size}},
                                            layers={"method": "fixed", "dimension": {"value": layers}})

    def epochs_take_long(self, epochs):
        self.train_for(epochs, batch_size=8, layers=3)


class Pauses(NativeCheckpointTestCase):
    def test_change_no_bit_of_what_a_trial_reports(self):
        self.project["hpo_config"].update(num_trials=14, slots_per_gpu=2, **HALVING)
        content = self.assert_study_succeeds()
        self.assertEqual(set(content["trials/state"]), {"completed", "stopped"})
        self.assertEqual(set(content["trials/iterations"]), {1, 3, 9})
        self.assertGreater(max(content["trials/attempt"]), 1, "no trial was paused")
        paused = self.curves(content)
        undisturbed = self.undisturbed()
        for trial, curve in paused.items():
            self.assertEqual(curve, undisturbed[trial][:len(curve)], f"trial {trial}")

    def test_keep_the_checkpoint_of_the_best_trial_that_has_one(self):
        self.project["hpo_config"].update(num_trials=14, slots_per_gpu=2, **HALVING)
        content = self.assert_study_succeeds()
        self.assertTrue(content["best_checkpoint"])
        self.assertEqual(self.saved(), [content["best_checkpoint"]])

    def test_sigterm_saves_what_runs_and_resume_goes_on_from_there(self):
        self.epochs_take_long(60)
        self.project["hpo_config"].update(num_trials=4, slots_per_gpu=4, scheduler=None, scheduler_param={})
        process = self.start_study("--grace", "60", ranks=2)
        engine.wait_until(lambda: self.reports_on_the_disk() >= 4, what="reports of each trial")
        controller, worker = (engine.rank_processes(process.pid)[rank] for rank in (0, 1))
        # Nothing ends before the signal has come, however busy the machine is.
        os.kill(worker, signal.SIGSTOP)
        os.kill(controller, signal.SIGTERM)
        os.kill(worker, signal.SIGCONT)
        output, _ = process.communicate(timeout=60)
        self.assertEqual(process.returncode, 0, output)
        self.assertEqual(len(self.saved()), 4, output)
        content = self.assert_study_succeeds("--resume", ranks=2)
        self.assertEqual(content["trials/attempt"], [2] * 4)
        self.assertEqual(self.curves(content), self.undisturbed(), "no epoch was trained twice, left out or changed")

    def reports_on_the_disk(self):
        journal = self.folder / "results.journal"
        return journal.read_bytes().count(b"training_loss") if journal.exists() else 0


class Populations(NativeCheckpointTestCase):
    def check_exploits(self, content):
        """Each report goes on with the weights of its trial's last one, or with another's; answers how often with another's."""
        last, reached, exploits = {}, {}, 0
        for trial, iteration, loss in zip(content["reports/trial_id"], content["reports/iteration"],
                                          content["reports/metrics/loss"]):
            if iteration > 1 and last[trial] != (iteration - 1, loss):
                self.assertIn((iteration - 1, loss), reached, f"trial {trial} went on with weights of nobody")
                exploits += 1
            last[trial] = iteration, loss
            reached[iteration, loss] = trial
        self.assertEqual({iteration for iteration, _ in last.values()},
                         {self.project["hpo_config"]["stop"]["training_iteration"]})
        self.assertEqual(len({loss for _, loss in reached}), 6, "a rate so small changes no weight")
        return exploits

    def test_go_on_with_weights_of_others(self):
        self.project["hpo_config"].update(POPULATION, stop={"training_iteration": 8})
        self.project["search_space"].update(
            lr={"method": "uniform", "dimension": {"low": 1e-30, "high": 1e-29}},
            hidden={"method": "categorical", "dimension": {"categories": [16, 24, 64]}})
        self.project["model_config"]["param"].update(optimizer="sgd", momentum=0)
        content = self.assert_study_succeeds()
        self.assertEqual(content["trials/state"], ["completed"] * 6)
        self.assertGreater(self.check_exploits(content), 0)

    def test_take_them_from_the_memory_of_other_workers_where_none_sees_the_files(self):
        # Long enough that weights change hands, whatever else the machine does.
        self.project["hpo_config"].update(POPULATION, stop={"training_iteration": 40})
        self.project["model_config"]["param"]["epochs"] = 40
        self.project["search_space"]["lr"] = {"method": "uniform", "dimension": {"low": 1e-30, "high": 1e-29}}
        self.project["model_config"]["param"].update(optimizer="sgd", momentum=0)
        status, output = self.run_study("--log-level", "debug", **self.apart())
        self.assertEqual(status, 0, output)
        copies = [int(count) for count in re.findall(r"(\d+) checkpoints came from the memory", output)]
        self.assertEqual(len(copies), 3, output)
        self.assertGreater(sum(copies), 0, output)
        self.assertGreater(self.check_exploits(self.read_results()), 0)

    def apart(self):
        """Each worker keeps its checkpoints in a folder of its own."""
        return {"HPOGRID_CHECKPOINT_DIR": str(self.folder / "scratch")}

    def population_with_a_worker_that(self, disturb, epochs=20, **options):
        """A population of which a worker is stopped for a while, and then disturbed; answers the output."""
        self.epochs_take_long(epochs)
        self.project["hpo_config"].update(POPULATION)
        process = self.start_study(ranks=4, **self.apart(), **options)
        engine.wait_until(lambda: len(self.saved()) >= 6, what="a checkpoint of each trial")
        disturb(engine.rank_processes(process.pid)[1])
        output, _ = process.communicate(timeout=120)
        self.assertEqual(process.returncode, 0, output)
        self.assertNotIn("MPI_ABORT", output, "a message that nobody took")
        content = self.read_results()
        self.assertEqual(content["trials/state"], ["completed"] * 6)
        for trial, curve in self.curves(content).items():
            self.assertEqual([iteration for iteration, _ in curve][-1], epochs, f"trial {trial}")
        return output

    def test_do_without_the_memory_of_a_worker_that_is_killed_while_others_wait_for_it(self):
        def stop_and_kill(worker):
            os.kill(worker, signal.SIGSTOP)
            time.sleep(2)
            os.kill(worker, signal.SIGKILL)
        self.population_with_a_worker_that(stop_and_kill)

    def test_do_without_the_memory_of_a_worker_that_does_not_answer_in_time(self):
        def stop_and_continue(worker):
            os.kill(worker, signal.SIGSTOP)
            time.sleep(8)
            os.kill(worker, signal.SIGCONT)
        self.population_with_a_worker_that(stop_and_continue)

    def test_have_a_worker_back_that_was_given_up(self):
        def stop_and_continue(worker):
            os.kill(worker, signal.SIGSTOP)
            time.sleep(5)
            os.kill(worker, signal.SIGCONT)
        output = self.population_with_a_worker_that(stop_and_continue, epochs=400, HPOGRID_WORKER_SILENCE="3")
        self.assertIn("rank 1 is back", output)

    def test_learn_and_go_on_after_kill_9_in_the_middle(self):
        self.epochs_take_long(20)
        self.project["hpo_config"].update(POPULATION)
        process = self.start_study(ranks=4)
        engine.wait_until(lambda: len(self.saved()) >= 6, what="a checkpoint of each trial")
        self.kill_all_ranks(process)
        content = self.assert_study_succeeds("--resume")
        self.assertEqual(content["trials/state"], ["completed"] * 6)
        for trial, curve in self.curves(content).items():
            iterations = [iteration for iteration, _ in curve]
            self.assertEqual(iterations[-1], 20)
            self.assertEqual(iterations.count(1), 1, f"trial {trial} began anew")
            self.assertTrue(all(math.isfinite(loss) for _, loss in curve))

    def test_refuse_to_change_what_makes_the_shape_of_a_network(self):
        self.project["hpo_config"].update(POPULATION, scheduler_param={"time_attr": "training_iteration",
                                                                       "perturbation_interval": 2})
        self.assert_refused("'hidden'", "hyperparam_mutations")


if __name__ == "__main__":
    unittest.main()
