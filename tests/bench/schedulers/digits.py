"""What each trial of time_to_accuracy.py trains: a small network on scikit-learn's digits, one epoch a report.

Each epoch appends its time and accuracy to the file $DIGITS_EPOCHS: one instrument for all that run this class.
"""
import os
import time

import torch
from ray import tune
from sklearn.datasets import load_digits


class Digits(tune.Trainable):
    def setup(self, config):
        torch.set_num_threads(1)
        torch.manual_seed(round(config["lr"] * 1e9))  # so that equal points train equally wherever they do
        pixels, labels = load_digits(return_X_y=True)
        self.x, self.y = torch.tensor(pixels / 16.0, dtype=torch.float32), torch.tensor(labels)
        self.batch_size, hidden = round(config.get("batch_size", 50)), round(config.get("hidden", 64))
        self.rules = {"lr": config["lr"], "momentum": config.get("momentum", 0.0),
                      "weight_decay": config.get("weight_decay", 0.0)}
        self.model = torch.nn.Sequential(torch.nn.Linear(64, hidden), torch.nn.ReLU(), torch.nn.Linear(hidden, 10))
        self.optimizer = torch.optim.SGD(self.model.parameters(), **self.rules)

    def step(self):
        for rows in torch.randperm(1200).split(self.batch_size):
            self.optimizer.zero_grad()
            torch.nn.functional.cross_entropy(self.model(self.x[rows]), self.y[rows]).backward()
            self.optimizer.step()
        with torch.no_grad():
            accuracy = (self.model(self.x[1200:]).argmax(dim=1) == self.y[1200:]).float().mean().item()
        with open(os.environ["DIGITS_EPOCHS"], "a") as epochs:
            epochs.write(f"{time.time()} {accuracy}\n")
        return {"accuracy": accuracy}

    def reset_config(self, config):
        """Lets one process train one trial after the other: a start costs Ray several seconds."""
        self.setup(config)
        return True

    def save_checkpoint(self, folder):
        torch.save([self.model.state_dict(), self.optimizer.state_dict()], os.path.join(folder, "state.pt"))

    def load_checkpoint(self, folder):
        model, optimizer = torch.load(os.path.join(folder, "state.pt"))
        self.model.load_state_dict(model)
        self.optimizer.load_state_dict(optimizer)
        for group in self.optimizer.param_groups:
            group.update(self.rules)
