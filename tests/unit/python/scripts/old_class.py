"""A class with the method names of Ray before 0.8.7, heavy imports inside its methods, and a module global that a
trial mutates."""

from ray.tune import Trainable

varlist = ["u", "v", "w"]


class MyTrainable(Trainable):
    def _setup(self, config):
        import decimal

        self.x = decimal.Decimal(str(config["x"]))
        varlist.remove("w")
        self.state = 0
        print("Model: 3 layers")

    def _train(self):
        self.state += 1
        assert self._iteration == self.iteration == self.state - 1
        return {"loss": self.x / self.state, "variables": len(varlist), "done": self.state >= self.config["steps"]}

    def _save(self, checkpoint_dir):
        import os

        path = os.path.join(checkpoint_dir, "model")
        with open(path, "w") as file:
            file.write(str(self.state))
        return path

    def _restore(self, path):
        with open(path) as file:
            self.state = int(file.read())
