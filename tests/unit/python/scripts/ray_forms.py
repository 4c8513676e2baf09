"""Training scripts written for Ray Tune, old and new."""

import json
import os
import tempfile

import ray
from ray import train, tune
from ray.air import session
from ray.train import Checkpoint
from ray.tune import CLIReporter
from ray.tune.schedulers import ASHAScheduler
from ray.tune.search.optuna import OptunaSearch

ray.init(num_cpus=1)
SPACE = {"x": tune.uniform(0, 1), "y": tune.choice([1, 2]), "z": tune.grid_search([1, 2])}


def tune_keywords(config):
    for step in range(2):
        tune.report(loss=config["x"] / (step + 1))


def tune_dict(config):
    tune.report({"loss": config["x"]})


def train_with_checkpoint(config):
    start = 0
    restored = train.get_checkpoint()
    if restored:
        with restored.as_directory() as folder:
            with open(os.path.join(folder, "state.json")) as file:
                start = json.load(file)["epoch"]
    for epoch in range(start + 1, 3):
        with tempfile.TemporaryDirectory() as folder:
            with open(os.path.join(folder, "state.json"), "w") as file:
                json.dump({"epoch": epoch}, file)
            train.report({"loss": 1.0 / epoch}, checkpoint=Checkpoint.from_directory(folder))


def session_report(config):
    session.report({"loss": config["x"]})
    assert session.get_checkpoint() is None
    assert train.get_context().get_trial_id() == tune.get_trial_id()


def checkpoint_dir(config, checkpoint_dir=None):
    with tune.checkpoint_dir(step=1) as folder:
        with open(os.path.join(folder, "model"), "w") as file:
            file.write("weights")
    tune.report(loss=config["x"])


def _with_data(config, data=None):
    tune.report(loss=sum(data))


with_parameters = tune.with_parameters(_with_data, data=[1, 2, 3])


def wants_more(config):
    return ray.put(config)


def runs_a_search(config):
    tune.run(tune_dict, config=SPACE)


if __name__ == "__main__":
    tune.run(tune_dict, config=SPACE, scheduler=ASHAScheduler(), search_alg=OptunaSearch(), progress_reporter=CLIReporter())
