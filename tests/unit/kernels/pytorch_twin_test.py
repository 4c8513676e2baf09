"""The batch trainer against PyTorch: the same data, initial weights, order of rows and settings must give the same losses.

The program pytorch_twin trains and writes down what it did; here PyTorch does it again. Environment: PYTORCH_TWIN is the
program.
"""
import os
import pathlib
import subprocess
import tempfile
import unittest

try:
    import numpy
    import torch
except ImportError as missing:
    torch = None
    WHY = f"{missing.name} is not installed for this interpreter"

STEPS = 100
FEATURES = 12
TRAINING_ROWS = 600
BATCH = 150  # four steps an epoch; two micro-batches of the trainer, the second one smaller


def losses(kind, logits, labels):
    """Loss of each row."""
    if kind == "cross_entropy":
        return torch.nn.functional.cross_entropy(logits, labels.long(), reduction="none")
    if kind == "binary_cross_entropy":
        return torch.nn.functional.binary_cross_entropy_with_logits(logits[:, 0], labels, reduction="none")
    return (logits[:, 0] - labels) ** 2


def network(units, outputs, activation, normalization):
    kinds = {"relu": torch.nn.ReLU, "gelu": torch.nn.GELU, "silu": torch.nn.SiLU, "tanh": torch.nn.Tanh,
             "elu": torch.nn.ELU, "sigmoid": torch.nn.Sigmoid, "leaky_relu": torch.nn.LeakyReLU}
    layers, inputs = [], FEATURES
    for count in units:
        layers.append(torch.nn.Linear(inputs, count))
        if normalization:
            layers.append({"layer": torch.nn.LayerNorm, "batch": torch.nn.BatchNorm1d}[normalization](count))
        layers.append(kinds[activation]())
        inputs = count
    return torch.nn.Sequential(*layers, torch.nn.Linear(inputs, outputs))


def optimizer(name, parameters):
    common = {"lr": 0.005, "weight_decay": 0.01}
    return {"sgd": lambda: torch.optim.SGD(parameters, momentum=0.9, **common),
            "adam": lambda: torch.optim.Adam(parameters, betas=(0.9, 0.99), **common),
            "adamw": lambda: torch.optim.AdamW(parameters, betas=(0.9, 0.99), **common),
            "rmsprop": lambda: torch.optim.RMSprop(parameters, alpha=0.99, **common)}[name]()


def schedule(name, optimizer):
    """5 steps of warm-up, then as named, with decay_factor 0.3 and decay_steps 40."""
    after = {"constant": lambda t: 1.0,
             "cosine": lambda t: 0.3 + 0.7 * (1 + numpy.cos(numpy.pi * min(t / 35, 1))) / 2,
             "step": lambda t: 0.3 ** (t // 40)}[name]
    return torch.optim.lr_scheduler.LambdaLR(optimizer, lambda t: (t + 1) / 5 if t < 5 else after(t - 5))


@unittest.skipIf(torch is None, WHY if torch is None else "")
class PyTorchTwin(unittest.TestCase):
    def compare(self, loss="binary_cross_entropy", activation="relu", optimizer_name="adam", schedule_name="constant",
                normalization=None, units=(20, 33)):
        torch.set_num_threads(1)
        with tempfile.TemporaryDirectory(prefix="hpogrid-twin-") as name:
            subprocess.run([os.environ["PYTORCH_TWIN"], name, loss, activation, optimizer_name, schedule_name,
                            str([None, "layer", "batch"].index(normalization)), str(BATCH), str(STEPS), *map(str, units)], check=True)
            files = {path.name: path.read_bytes() for path in pathlib.Path(name).iterdir()}
        read = {key: numpy.frombuffer(data, {"order": "int32", "metrics": "float64"}.get(key, "float32"))
                for key, data in files.items()}

        features = torch.tensor(read["features"].reshape(-1, FEATURES))
        training = features[:TRAINING_ROWS]
        features = (features - training.mean(0)) / training.std(0, unbiased=False)
        labels, weights = torch.tensor(read["labels"]), torch.tensor(read["weights"])
        outputs = {"cross_entropy": 4}.get(loss, 1)
        model = network(units, outputs, activation, normalization)
        torch.nn.utils.vector_to_parameters(torch.tensor(read["initial"]), model.parameters())
        steps = optimizer(optimizer_name, model.parameters())
        rates = schedule(schedule_name, steps)
        mean_weight = weights[:TRAINING_ROWS].mean()
        found = []
        for rows in torch.tensor(read["order"][:STEPS * BATCH]).long().reshape(STEPS, BATCH):
            of_rows = losses(loss, model(features[rows]), labels[rows])
            steps.zero_grad()
            (of_rows * weights[rows] / mean_weight).mean().backward()
            steps.step()
            rates.step()
            found.append(float((of_rows * weights[rows]).sum() / weights[rows].sum()))

        numpy.testing.assert_allclose(read["losses"], found, rtol=1e-4)
        trained = torch.nn.utils.parameters_to_vector(model.parameters()).detach().numpy()
        self.assertLess(numpy.linalg.norm(read["trained"] - trained) / numpy.linalg.norm(trained), 1e-3)
        self.assertGreater(numpy.linalg.norm(read["initial"] - trained) / numpy.linalg.norm(trained), 0.02)
        model.eval()
        with torch.no_grad():
            of_rows = losses(loss, model(features[TRAINING_ROWS:]), labels[TRAINING_ROWS:])
        validation = float((of_rows * weights[TRAINING_ROWS:]).sum() / weights[TRAINING_ROWS:].sum())
        self.assertAlmostEqual(read["metrics"][0] / validation, 1, delta=2e-4)

    def test_every_optimizer_gives_the_same_losses(self):
        for name in ("sgd", "adam", "adamw", "rmsprop"):
            with self.subTest(name):
                self.compare(optimizer_name=name)

    def test_every_activation_gives_the_same_losses(self):
        for name in ("gelu", "silu", "tanh", "elu", "sigmoid", "leaky_relu"):
            with self.subTest(name):
                self.compare(activation=name)

    def test_every_loss_gives_the_same_losses(self):
        for name in ("cross_entropy", "mean_squared_error"):
            with self.subTest(name):
                self.compare(loss=name, activation="tanh")

    def test_layer_normalization_gives_the_same_losses(self):
        self.compare(normalization="layer", activation="silu")

    def test_batch_normalization_gives_the_same_losses(self):
        self.compare(normalization="batch", activation="silu")
        self.compare(normalization="batch", optimizer_name="sgd")

    def test_every_schedule_gives_the_same_losses(self):
        for name in ("cosine", "step"):
            with self.subTest(name):
                self.compare(schedule_name=name, optimizer_name="sgd")

    def test_deep_and_shallow_networks_give_the_same_losses(self):
        self.compare(units=(), optimizer_name="sgd")
        self.compare(units=(48, 40, 32, 24, 16), activation="elu")


if __name__ == "__main__":
    unittest.main()
