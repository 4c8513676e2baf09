"""The third example of the original package: a small convolutional network for handwritten digits.

The data are mnist.npz in the data folder (arrays x_train, y_train, x_test, y_test; pixels from 0 to 255), if it is there;
else scikit-learn's own 1797 digits of 8 x 8 pixels, so that the example runs anywhere.
"""

import os

import numpy
import torch
from hpogrid import get_datadir
from ray import tune


def load():
    """Training and test images, [image][1][row][column] in 0 to 1, with their digits."""
    path = get_datadir() + "mnist.npz"
    if os.path.exists(path):
        with numpy.load(path) as file:
            images = numpy.concatenate([file["x_train"], file["x_test"]]) / 255.0
            digits, training = numpy.concatenate([file["y_train"], file["y_test"]]), len(file["x_train"])
    else:
        from sklearn.datasets import load_digits
        data = load_digits()
        images, digits, training = data.images / 16.0, data.target, 1400
    images = torch.tensor(images, dtype=torch.float32).unsqueeze(1)
    digits = torch.tensor(digits, dtype=torch.long)
    return images[:training], digits[:training], images[training:], digits[training:]


class MNISTTrainable(tune.Trainable):
    def setup(self, config):
        self.device = "cuda" if torch.cuda.is_available() else "cpu"
        self.images, self.digits, self.test_images, self.test_digits = (part.to(self.device) for part in load())
        side = self.images.shape[-1] // 2
        self.network = torch.nn.Sequential(
            torch.nn.Conv2d(1, 16, 3, padding=1), torch.nn.ReLU(), torch.nn.MaxPool2d(2), torch.nn.Flatten(),
            torch.nn.Linear(16 * side * side, config["hidden"]), torch.nn.ReLU(),
            torch.nn.Linear(config["hidden"], 10)).to(self.device)
        self.optimizer = torch.optim.Adam(self.network.parameters(), lr=config["lr"], betas=(config["beta"], 0.999))
        self.batch_size = config["batchsize"]

    def step(self):
        loss = torch.nn.functional.cross_entropy
        for batch in torch.randperm(len(self.images), device=self.device).split(self.batch_size):
            self.optimizer.zero_grad()
            loss(self.network(self.images[batch]), self.digits[batch]).backward()
            self.optimizer.step()
        with torch.no_grad():
            scores = self.network(self.test_images)
        return {"loss": loss(scores, self.test_digits).item(),
                "accuracy": (scores.argmax(1) == self.test_digits).float().mean().item()}

    def save_checkpoint(self, folder):
        torch.save((self.network.state_dict(), self.optimizer.state_dict()), os.path.join(folder, "state.pt"))

    def load_checkpoint(self, folder):
        network, optimizer = torch.load(os.path.join(folder, "state.pt"))
        self.network.load_state_dict(network)
        self.optimizer.load_state_dict(optimizer)
