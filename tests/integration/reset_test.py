"""Trainable.reset_config: an object, and its process, that trial after trial is trained in."""
import pathlib
import sys
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "support"))
import engine  # noqa: E402

# Leaves a line for each setup, reset and step: what, process, trial.
DIGITS = """
import os
import torch
from ray import tune
from sklearn.datasets import load_digits

def note(what):
    with open({ledger!r}, "a") as ledger:
        ledger.write("{{}} {{}} {{}}\\n".format(what, os.getpid(), os.environ["HPOGRID_TRIAL_ID"]))

class Digits(tune.Trainable):
    def setup(self, config):
        note("setup")
        pixels, labels = load_digits(return_X_y=True)
        self.x, self.y = torch.tensor(pixels / 16.0, dtype=torch.float32), torch.tensor(labels)
        self.begin(config)

    def begin(self, config):
        self.model = torch.nn.Sequential(torch.nn.Linear(64, 32), torch.nn.ReLU(), torch.nn.Linear(32, 10))
        self.optimizer = torch.optim.SGD(self.model.parameters(), lr=config["lr"], momentum=0.9)

    def reset_config(self, config):
        note("reset")
        {reset}
        self.begin(config)
        return True

    def loss(self, rows):
        return torch.nn.functional.cross_entropy(self.model(self.x[rows]), self.y[rows])

    def step(self):
        note("step")
        print("step", self.iteration + 1, "of trial", os.environ["HPOGRID_TRIAL_ID"])
        with torch.no_grad():
            before = self.loss(slice(1200)).item()
        for rows in torch.randperm(1200).split(100):
            self.optimizer.zero_grad()
            self.loss(rows).backward()
            self.optimizer.step()
        with torch.no_grad():
            after = self.loss(slice(1200)).item()
        return {{"loss": after, "before": before, "rate": self.config["lr"]}}

    def save_checkpoint(self, folder):
        torch.save(self.model.state_dict(), os.path.join(folder, "state.pt"))

    def load_checkpoint(self, folder):
        self.model.load_state_dict(torch.load(os.path.join(folder, "state.pt")))
"""


class ResetTestCase(engine.EngineTestCase):
    def train(self, reset="pass", workers=1, stop=3, **hpo_config):
        self.ledger = self.folder / "ledger.txt"
        project = self.write_project(
            DIGITS.format(ledger=str(self.ledger), reset=reset), model="Digits",
            search_space={"lr": {"method": "loguniform", "dimension": {"low": 1e-3, "high": 0.1}}},
            hpo_config=dict({"stop": {"training_iteration": stop}, "num_trials": 6}, **hpo_config))
        self.assert_succeeds([project, "-o", self.results], ranks=workers + 1)
        self.notes = [line.split() for line in self.ledger.read_text().splitlines()]
        return self.read_results()

    def processes(self, what):
        return [process for one, process, _ in self.notes if one == what]

    def check_metrics(self, content):
        rates = dict(enumerate(content["trials/params/lr"]))
        for trial, rate in zip(content["reports/trial_id"], content["reports/metrics/rate"]):
            self.assertEqual(rate, rates[trial], "a trial was trained with the configuration of another one")

    def test_a_worker_trains_all_its_trials_in_one_object(self):
        content = self.train()
        self.assertEqual(content["trials/state"], ["completed"] * 6)
        self.assertEqual(len(self.processes("setup")), 1)
        self.assertEqual(len(self.processes("reset")), 5)
        self.assertEqual(len(set(self.processes("step"))), 1)
        self.check_metrics(content)
        for trial in range(6):
            begun = [value for one, iteration, value in zip(content["reports/trial_id"], content["reports/iteration"],
                                                            content["reports/metrics/before"])
                     if one == trial and iteration == 1]
            self.assertGreater(begun[0], 2.0, "it began with trained weights")
            log = pathlib.Path(content["trials/log"][trial]).read_text()
            self.assertEqual(log, "".join(f"step {step} of trial {trial}\n" for step in (1, 2, 3)))

    def test_each_worker_has_an_object_of_its_own(self):
        self.check_metrics(self.train(workers=2, num_trials=8))
        self.assertEqual(len(self.processes("setup")), 2)

    def test_an_object_that_refuses_gives_way_to_a_new_process(self):
        content = self.train(reset="return False")
        self.assertEqual(content["trials/state"], ["completed"] * 6)
        self.assertEqual(content["trials/attempt"], [1] * 6)
        self.assertEqual(len(set(self.processes("setup"))), 6)
        self.check_metrics(content)

    def test_so_does_one_that_raises_or_crashes(self):
        for reset in ("raise ValueError('no')", "os._exit(3)"):
            with self.subTest(reset):
                self.setUp()
                content = self.train(reset=reset, num_trials=3)
                self.assertEqual(content["trials/state"], ["completed"] * 3)
                self.assertEqual(content["trials/attempt"], [1] * 3)
                self.assertEqual(len(set(self.processes("setup"))), 3)

    def test_paused_trials_go_on_with_their_own_weights_in_the_object_of_another(self):
        content = self.train(workers=2, stop=9, num_trials=9, scheduler="bohbhyperband",
                             scheduler_param={"max_t": 9, "reduction_factor": 3})
        self.assertEqual(len(self.processes("setup")), 2)
        self.check_metrics(content)
        after = {}
        for trial, iteration, before, loss in zip(content["reports/trial_id"], content["reports/iteration"],
                                                  content["reports/metrics/before"], content["reports/metrics/loss"]):
            if iteration > 1:
                self.assertEqual(before, after[trial, iteration - 1])
            after[trial, iteration] = loss

    def test_a_trial_that_fails_takes_its_process_with_it(self):
        content = self.train(reset="self.step = lambda: 1 / 0", num_trials=4)
        self.assertEqual(content["trials/state"], ["completed", "failed", "completed", "failed"])
        self.assertEqual(len(set(self.processes("setup"))), 2)


if __name__ == "__main__":
    unittest.main(verbosity=2)
