"""Classifies scikit-learn's handwritten digits (1797 images of 8 by 8 pixels) with a small network in PyTorch.

Written for Ray Tune, as many training scripts are; it runs under hpogrid with no Ray installed.
"""

import torch
from ray import tune
from sklearn.datasets import load_digits
from sklearn.model_selection import train_test_split


def load_data(validation_share):
    """Pixels scaled to [0, 1] and labels, split into training and validation; the same split for every trial."""
    pixels, labels = load_digits(return_X_y=True)
    split = train_test_split(pixels / 16.0, labels, test_size=validation_share, stratify=labels, random_state=0)
    x_train, x_validation, y_train, y_validation = split
    return (
        torch.tensor(x_train, dtype=torch.float32),
        torch.tensor(y_train),
        torch.tensor(x_validation, dtype=torch.float32),
        torch.tensor(y_validation),
    )


def build_model(layers, hidden, dropout):
    modules = []
    width = 64
    for _ in range(layers):
        modules += [torch.nn.Linear(width, hidden), torch.nn.ReLU(), torch.nn.Dropout(dropout)]
        width = hidden
    return torch.nn.Sequential(*modules, torch.nn.Linear(width, 10))


def build_optimizer(config, parameters):
    if config["optimizer"] == "sgd":
        # The search space has a momentum only where the optimiser is "sgd".
        return torch.optim.SGD(parameters, lr=config["lr"], momentum=config["momentum"])
    return torch.optim.Adam(parameters, lr=config["lr"])


def train_one_epoch(model, optimizer, x, y, batch_size):
    """Mean loss over the batches of one pass through the data in random order."""
    model.train()
    total = 0.0
    batches = torch.randperm(len(x)).split(batch_size)
    for batch in batches:
        optimizer.zero_grad()
        loss = torch.nn.functional.cross_entropy(model(x[batch]), y[batch])
        loss.backward()
        optimizer.step()
        total += loss.item()
    return total / len(batches)


def validate(model, x, y):
    """Share of the images that are classified correctly."""
    model.eval()
    with torch.no_grad():
        return (model(x).argmax(dim=1) == y).float().mean().item()


def train_digits(config):
    device = torch.device("cuda" if torch.cuda.is_available() else "cpu")
    x_train, y_train, x_validation, y_validation = (part.to(device) for part in load_data(config["validation_share"]))
    model = build_model(int(config["layers"]), config["hidden"], config["dropout"]).to(device)
    optimizer = build_optimizer(config, model.parameters())
    for _ in range(config["epochs"]):
        loss = train_one_epoch(model, optimizer, x_train, y_train, config["batch_size"])
        tune.report(accuracy=validate(model, x_validation, y_validation), loss=loss)
