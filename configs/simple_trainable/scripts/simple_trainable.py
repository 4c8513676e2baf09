"""The second example of the original package: a class in the style of Ray Tune, with checkpoints."""

import json
import os

from ray import tune


class MyTrainableClass(tune.Trainable):
    """Walks downhill on a bowl around (alpha, beta) = (2, 3); the two decide where it starts."""

    def setup(self, config):
        self.position = [config["alpha"], config["beta"]]

    def step(self):
        self.position = [x - 0.2 * (x - goal) for x, goal in zip(self.position, (2.0, 3.0))]
        return {"loss": sum((x - goal) ** 2 for x, goal in zip(self.position, (2.0, 3.0)))}

    def save_checkpoint(self, folder):
        with open(os.path.join(folder, "position.json"), "w") as file:
            json.dump(self.position, file)

    def load_checkpoint(self, folder):
        with open(os.path.join(folder, "position.json")) as file:
            self.position = json.load(file)
