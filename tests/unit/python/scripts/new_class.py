import os

from ray import tune

import hpogrid
from hpogrid.core.environment_settings import get_datadir
from hpogrid.interface.tune import CustomModel


class MyTrainable(tune.Trainable):
    def setup(self, config):
        self.x = config["x"]
        self.total = 0

    def step(self):
        self.total += self.x
        return {"total": self.total, "done": self.training_iteration + 1 == 3}

    def save_checkpoint(self, checkpoint_dir):
        return {"total": self.total}

    def load_checkpoint(self, checkpoint):
        self.total = checkpoint["total"]

    def cleanup(self):
        print("cleaned up", self.total)


class Reusable(MyTrainable):
    def reset_config(self, new_config):
        self.setup(new_config)
        return new_config["agrees"]


class Endless(hpogrid.Trainable):
    def step(self):
        return {"loss": 1.0}

    def cleanup(self):
        print("cleaned up")


class Saving(Endless):
    def save_checkpoint(self, checkpoint_dir):
        return {}


class Initialized(CustomModel):
    def initialize(self, config):
        self.where = os.getcwd()
        self.data = get_datadir()

    def step(self):
        return {"in_work_folder": self.where == os.environ["HPOGRID_WORK_DIR"], "done": True}


class NoTrainable:
    pass
