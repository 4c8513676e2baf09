"""Schedulers that pause trials and move them, and checkpoints: the real engine trains a small network on digits."""
import contextlib
import json
import os
import pathlib
import signal
import sys
import time
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "support"))
import engine  # noqa: E402

DIGITS = """
import os
import torch
from ray import tune
from sklearn.datasets import load_digits

class Digits(tune.Trainable):
    def setup(self, config):
        pixels, labels = load_digits(return_X_y=True)
        self.x, self.y = torch.tensor(pixels / 16.0, dtype=torch.float32), torch.tensor(labels)
        self.model = torch.nn.Sequential(torch.nn.Linear(64, 32), torch.nn.ReLU(), torch.nn.Linear(32, 10))
        self.optimizer = torch.optim.SGD(self.model.parameters(), lr=config["lr"], momentum=0.9)

    def loss(self, rows):
        return torch.nn.functional.cross_entropy(self.model(self.x[rows]), self.y[rows])

    def step(self):
        with torch.no_grad():
            before = self.loss(slice(1200)).item()
        for rows in torch.randperm(1200).split(100):
            self.optimizer.zero_grad()
            self.loss(rows).backward()
            self.optimizer.step()
        with torch.no_grad():
            accuracy = (self.model(self.x[1200:]).argmax(dim=1) == self.y[1200:]).float().mean().item()
            after = self.loss(slice(1200)).item()
        return {"accuracy": accuracy, "before": before, "after": after, "lr": self.optimizer.param_groups[0]["lr"]}

    def save_checkpoint(self, folder):
        torch.save([self.model.state_dict(), self.optimizer.state_dict()], os.path.join(folder, "state.pt"))

    def load_checkpoint(self, folder):
        model, optimizer = torch.load(os.path.join(folder, "state.pt"))
        self.model.load_state_dict(model)
        self.optimizer.load_state_dict(optimizer)
        for group in self.optimizer.param_groups:
            group["lr"] = self.config["lr"]
"""

LEARNING_RATE = {"lr": {"method": "loguniform", "dimension": {"low": 1e-4, "high": 0.1}}}

# A function that saves each epoch and leaves a line for each; where `waits` holds, an epoch waits for the gate.
COUNTING = """
import os, time
import hpogrid

def objective(config):
    checkpoint = hpogrid.get_checkpoint()
    trial = int(os.environ["HPOGRID_TRIAL_ID"])
    first = checkpoint.to_dict()["epoch"] if checkpoint else 0
    for epoch in range(first, 12):
        while {waits} and not os.path.exists({gate!r}):
            time.sleep(0.02)
        with open({ledger!r}, "a") as ledger:
            ledger.write("{{}} {{}}\\n".format(trial, epoch + 1))
        hpogrid.report(loss=config["x"] + 1 / (epoch + 1), checkpoint={{"epoch": epoch + 1}})
"""


class SchedulerTestCase(engine.EngineTestCase):
    def curves(self, content):
        """{trial: iterations of its reports, in the order in which they came}."""
        curves = {}
        for trial, iteration in zip(content["reports/trial_id"], content["reports/iteration"]):
            curves.setdefault(trial, []).append(iteration)
        return curves

    def saved(self):
        folder = self.results.with_suffix(".checkpoints")
        return sorted(path.name for path in folder.iterdir()) if folder.exists() else []

    def digits(self, scheduler, parameters, trials=12, stop=None):
        return self.write_project(DIGITS, model="Digits", search_space=LEARNING_RATE, hpo_config={
            "scheduler": scheduler, "scheduler_param": parameters, "metric": "accuracy", "mode": "max",
            "num_trials": trials, "stop": stop or {}})

    def counting_project(self, waits="False", **hpo_config):
        self.ledger, self.gate = self.folder / "ledger.txt", self.folder / "gate"
        script = COUNTING.format(ledger=str(self.ledger), gate=str(self.gate), waits=waits)
        return self.write_project(script, hpo_config=hpo_config)

    def start_and_wait_for_four_epochs(self, project, trials, **options):
        process = engine.start([project, "-o", self.results], ranks=trials + 1, cwd=self.folder, **options)
        # Named <trial>_<attempt>_<iteration>; those that are still under way are not complete.
        engine.wait_until(lambda: [name.rpartition("_")[2] for name in self.saved()] == ["4"] * trials,
                          what="the checkpoint of the fourth epoch of each trial")
        return process

    def kill(self, process, ranks):
        """Then opens the gate."""
        processes = engine.rank_processes(process.pid)
        for rank in ranks:
            # The death of one may have ended others.
            with contextlib.suppress(ProcessLookupError):
                os.kill(processes[rank], signal.SIGKILL)
        self.gate.touch()

    def check_that_trials_went_on(self, trials):
        """From the checkpoint of their fourth epoch. The scripts of a rank that was killed may outlive it for an epoch."""
        epochs = self.epochs()
        self.assertEqual(len(epochs), trials)
        for trained in epochs.values():
            self.assertEqual(trained[:4], [1, 2, 3, 4])
            self.assertEqual(min(trained[4:]), 5, "an epoch of the checkpoint is trained again")
            self.assertEqual(trained[-1], 12)

    def check_that_a_bracket_was_trained_once(self, killed=()):
        """Nine trials, a third of them to the third epoch, and of those a third to the ninth. Scripts of trials that
        were killed may have ended their epoch after their rank, and that epoch counts once more."""
        epochs = self.epochs()
        for trial in killed:
            epochs[trial] = list(dict.fromkeys(epochs[trial]))
        self.assertEqual(sorted(map(len, epochs.values())), [1] * 6 + [3] * 2 + [9])
        for trained in epochs.values():
            self.assertEqual(trained, list(range(1, len(trained) + 1)), "no epoch was trained twice or left out")

    def epochs(self):
        if not self.ledger.exists():
            return {}
        lines = [tuple(map(int, line.split())) for line in self.ledger.read_text().splitlines()]
        return {trial: [epoch for one, epoch in lines if one == trial] for trial, _ in lines}

    def train_digits(self, *arguments, **more):
        project = self.digits(*arguments, **more)
        self.assert_succeeds([project, "-o", self.results], ranks=4)
        content = self.read_results()
        for trial, iterations in self.curves(content).items():
            self.assertEqual(iterations, list(range(1, len(iterations) + 1)), f"trial {trial} did not go on where it was")
        self.assertEqual(self.saved(), [content["best_checkpoint"]], "only the best trial's checkpoint is kept")
        self.assertTrue((self.results.with_suffix(".checkpoints") / content["best_checkpoint"] / "state.pt").exists())
        return content

    def check_exploits(self, content):
        """Each report goes on with the weights of its trial's last one, or with another trial's of the same age; answers
        how often with another's. An exploit need not change the rate: the same source and factor give the same again."""
        rows = zip(content["reports/trial_id"], content["reports/iteration"], content["reports/metrics/before"],
                   content["reports/metrics/after"], content["reports/metrics/lr"])
        last, rates, reached, exploits = {}, {}, {}, 0
        for trial, iteration, before, after, rate in rows:
            keeps_its_weights = last.get((trial, iteration - 1)) == before and rates[trial] == rate
            if iteration > 1 and not keeps_its_weights:
                sources = [loss for other, loss in reached.get(iteration - 1, []) if other != trial]
                self.assertIn(before, sources, f"trial {trial} began epoch {iteration:g} with weights of nobody")
                exploits += 1
            last[trial, iteration], rates[trial] = after, rate
            reached.setdefault(iteration, []).append((trial, after))
        return exploits


class DigitsUnderEveryScheduler(SchedulerTestCase):
    def check_halving(self, scheduler, milestones):
        content = self.train_digits(scheduler, {"max_t": 9, "reduction_factor": 3}, trials=14)
        self.assertEqual(set(content["trials/state"]), {"completed", "stopped"})
        self.assertTrue(set(content["trials/iterations"]) <= milestones, content["trials/iterations"])
        self.assertIn(9, content["trials/iterations"])
        self.assertGreater(content["trials/metrics/accuracy"][content["best_trial"]], 0.8)

    def test_bohbhyperband_trains_nine_trials_to_1_three_to_3_and_one_to_9(self):
        self.check_halving("bohbhyperband", {1, 3, 9})

    def test_hyperband_begins_with_trials_that_run_to_the_end(self):
        self.check_halving("hyperband", {1, 3, 9})

    def test_median_stopping(self):
        content = self.train_digits("median_stopping", {"time_attr": "training_iteration", "grace_period": 2},
                                    stop={"training_iteration": 5})
        self.assertEqual(set(content["trials/state"]), {"completed", "stopped"})

    def test_asynchyperband(self):
        content = self.train_digits("asynchyperband", {"max_t": 9, "reduction_factor": 3})
        self.assertIn("stopped", content["trials/state"])
        self.assertTrue(set(content["trials/iterations"]) <= {1, 3, 9}, "a trial trained on beyond its decision")


class Continuation(SchedulerTestCase):
    def test_a_paused_function_goes_on_from_the_checkpoint_of_its_report(self):
        project = self.counting_project(scheduler="bohbhyperband", num_trials=9,
                                        scheduler_param={"max_t": 9, "reduction_factor": 3})
        self.assert_succeeds([project, "-o", self.results], ranks=4)
        self.check_that_a_bracket_was_trained_once()

    def test_paused_trials_of_a_study_that_is_killed_go_on_from_their_checkpoints(self):
        project = self.counting_project(waits="trial >= 6", scheduler="bohbhyperband", num_trials=9,
                                        scheduler_param={"max_t": 9, "reduction_factor": 3})
        process = engine.start([project, "-o", self.results], ranks=4, cwd=self.folder)
        engine.wait_until(lambda: [name.rpartition("_")[2] for name in self.saved()] == ["1"] * 6,
                          what="the checkpoints of the six trials that are not held at the gate")
        self.kill(process, range(4))
        process.communicate(timeout=60)
        self.assert_succeeds([project, "-o", self.results, "--resume"], ranks=4)
        self.check_that_a_bracket_was_trained_once(killed=(6, 7, 8))
        self.assertEqual(self.saved(), [self.read_results()["best_checkpoint"]])

    def test_a_trial_whose_worker_dies_goes_on_from_its_checkpoint(self):
        project = self.counting_project(waits="epoch >= 4", num_trials=3)
        process = self.start_and_wait_for_four_epochs(project, trials=3)
        self.kill(process, [2])
        output, _ = process.communicate(timeout=60)
        self.assertEqual(process.returncode, 0, output)
        content = self.read_results()
        self.assertEqual(content["trials/state"], ["completed"] * 3)
        self.assertEqual(sorted(content["trials/attempt"]), [1, 1, 2])
        self.check_that_trials_went_on(trials=3)
        for iterations in self.curves(content).values():
            self.assertEqual(iterations, list(range(1, 13)))

    def test_a_study_that_is_killed_goes_on_from_checkpoints(self):
        project = self.counting_project(waits="epoch >= 4", num_trials=3)
        process = self.start_and_wait_for_four_epochs(project, trials=3)
        self.kill(process, range(4))
        process.communicate(timeout=60)
        self.assert_succeeds([project, "-o", self.results, "--resume"], ranks=4)
        self.check_that_trials_went_on(trials=3)
        self.assertEqual(self.saved(), [self.read_results()["best_checkpoint"]])

    def test_a_checkpoint_that_was_deleted_means_to_start_from_zero_and_is_told(self):
        project = self.counting_project(waits="epoch >= 4", num_trials=1)
        process = self.start_and_wait_for_four_epochs(project, trials=1)
        self.kill(process, range(2))
        process.communicate(timeout=60)
        for path in (self.folder / "results.checkpoints").iterdir():
            path.rename(self.folder / path.name)
        output = self.assert_succeeds([project, "-o", self.results, "--resume"], ranks=2)
        self.assertIn("trial 0 starts again from the beginning", output)
        self.assertEqual(self.epochs()[0][-12:], list(range(1, 13)))

    def test_the_checkpoint_of_the_best_trial_is_kept_also_where_it_was_stopped(self):
        project = self.write_project("""
import os
from hpogrid import Trainable

class Model(Trainable):
    def step(self):
        best_of_all = os.environ["HPOGRID_TRIAL_ID"] == "4"
        first = self.iteration == 0
        return {"loss": (0.1 if first else 9.0) if best_of_all else 0.5}
    def save_checkpoint(self, folder):
        return {"iteration": self.iteration}
    def load_checkpoint(self, state):
        pass
""", model="Model", hpo_config={"scheduler": "asynchyperband", "num_trials": 5,
                                "scheduler_param": {"max_t": 9, "reduction_factor": 3}})
        self.assert_succeeds([project, "-o", self.results], ranks=2)
        content = self.read_results()
        self.assertEqual((content["best_trial"], content["trials/state"][4], content["trials/iterations"][4]),
                         (4, "stopped", 3))
        self.assertEqual(self.saved(), [content["best_checkpoint"]])
        self.assertTrue(content["best_checkpoint"].startswith("000004_"), content["best_checkpoint"])

    def test_a_function_that_goes_on_at_its_end_has_nothing_left_to_do(self):
        project = self.write_project("""
import hpogrid

def objective(config):
    checkpoint = hpogrid.get_checkpoint()
    for epoch in range(checkpoint.to_dict()["epoch"] if checkpoint else 0, 3):
        hpogrid.report(loss=config["x"], checkpoint={"epoch": epoch + 1})
""", hpo_config={"scheduler": "bohbhyperband", "num_trials": 9, "scheduler_param": {"max_t": 9, "reduction_factor": 3}})
        self.assert_succeeds([project, "-o", self.results], ranks=3)
        content = self.read_results()
        self.assertEqual(sorted(content["trials/state"]), ["completed"] + ["stopped"] * 8)

    def test_nothing_is_kept_where_nothing_is_wanted(self):
        project = self.counting_project(num_trials=3, keep_checkpoints=0)
        self.assert_succeeds([project, "-o", self.results], ranks=3)
        self.assertEqual(self.saved(), [])
        self.assertEqual(self.read_results()["best_checkpoint"], "")

    def test_commands_are_refused_by_schedulers_that_pause(self):
        project = self.write_project("#!/bin/sh\n", script_name="run.sh",
                                     hpo_config={"scheduler": "hyperband"})
        (self.folder / "scripts/run.sh").chmod(0o755)
        status, output = engine.run([project, "-o", self.results], cwd=self.folder)
        self.assertEqual(status, 2, output)
        self.assertIn("pauses trials", output)


SLOW_STEPS = """
import time
from hpogrid import Trainable

class Model(Trainable):
    def step(self):
        time.sleep(0.25)
        return {"loss": self.config["x"] / (self.iteration + 1)}
    def save_checkpoint(self, folder):
        return {"iteration": self.iteration}
    def load_checkpoint(self, state):
        pass
"""


class TimeBudget(SchedulerTestCase):
    def run_slow_steps(self, scheduler, parameters, *options):
        project = self.write_project(SLOW_STEPS, model="Model", hpo_config={
            "scheduler": scheduler, "scheduler_param": parameters, "num_trials": 16, "stop": {"training_iteration": 16}})
        self.assert_succeeds([project, "-o", self.results, *options], ranks=3)
        return self.read_results()

    def test_no_rung_is_begun_that_is_not_expected_to_end_within_it_and_a_resumed_study_goes_on_there(self):
        halving = {"max_t": 16, "reduction_factor": 4}
        content = self.run_slow_steps("asynchyperband", halving, "--time-budget", "4")
        rungs = [n for n, start in zip(content["trials/iterations"], content["trials/started"]) if start == start]
        self.assertTrue(set(rungs) <= {1, 4, 16}, rungs)
        self.assertEqual(content["status"], "stopped")
        content = self.run_slow_steps("asynchyperband", halving, "--resume")
        self.assertEqual(content["status"], "finished")
        self.assertTrue(set(content["trials/iterations"]) <= {1, 4, 16}, content["trials/iterations"])
        for trial, iterations in self.curves(content).items():
            self.assertEqual(iterations, list(range(1, len(iterations) + 1)), f"trial {trial}")

    def test_a_population_that_it_ends_leaves_its_best_trial_as_the_result(self):
        content = self.run_slow_steps("pbt", {"time_attr": "training_iteration", "perturbation_interval": 2},
                                      "--time-budget", "5")
        self.assertNotIn("completed", content["trials/state"])
        self.assertIn(content["trials/state"][content["best_trial"]], ("paused", "cancelled"))
        self.assertTrue((self.results.with_suffix(".checkpoints") / content["best_checkpoint"]).exists())
        self.assertTrue(json.loads((self.folder / "userJobMetadata.json").read_text())["result"])


class PopulationBasedTraining(SchedulerTestCase):
    PARAMETERS = {"time_attr": "training_iteration", "perturbation_interval": 2}

    def train_population(self, scheduler="pbt", **parameters):
        project = self.digits(scheduler, dict(self.PARAMETERS, **parameters), trials=6, stop={"training_iteration": 8})
        self.assert_succeeds([project, "-o", self.results], ranks=4)
        content = self.read_results()
        self.assertEqual(content["trials/state"], ["completed"] * 6)
        self.assertGreater(self.check_exploits(content), 0)
        self.assertEqual(self.saved(), [content["best_checkpoint"]])
        for trial, rate in enumerate(content["trials/params/lr"]):
            last = max(i for i, one in enumerate(content["reports/trial_id"]) if one == trial)
            self.assertEqual(content["reports/metrics/lr"][last], rate, "the results show the last hyperparameters")
        return content

    def test_weights_are_copied_and_learning_rates_change_in_training(self):
        self.train_population()

    def test_the_same_in_step(self):
        self.train_population(synch=True)

    def test_a_gaussian_process_chooses_learning_rates_within_their_bounds(self):
        content = self.train_population("pb2", hyperparam_bounds={"lr": [0.2, 0.5]})
        begun = {trial: rate for trial, iteration, rate in zip(content["reports/trial_id"], content["reports/iteration"],
                                                               content["reports/metrics/lr"]) if iteration == 1}
        chosen = {rate for rate in content["reports/metrics/lr"] if rate not in begun.values()}
        self.assertTrue(chosen, "no learning rate was chosen")
        self.assertTrue(all(0.2 <= rate <= 0.5 for rate in chosen), chosen)

    def test_it_goes_on_after_kill_9_in_the_middle(self):
        project = self.digits("pbt", self.PARAMETERS, trials=6, stop={"training_iteration": 20})
        process = engine.start([project, "-o", self.results], ranks=4, cwd=self.folder)
        engine.wait_until(lambda: len(self.saved()) >= 5, what="five checkpoints")
        time.sleep(1.0)
        for process_id in engine.rank_processes(process.pid).values():
            os.kill(process_id, signal.SIGKILL)
        process.communicate(timeout=60)
        self.assert_succeeds([project, "-o", self.results, "--resume"], ranks=4)
        content = self.read_results()
        self.assertEqual(content["trials/state"], ["completed"] * 6)
        self.assertEqual(self.saved(), [content["best_checkpoint"]])
        self.assertGreater(self.check_exploits(content), 0)


if __name__ == "__main__":
    unittest.main(verbosity=2)
