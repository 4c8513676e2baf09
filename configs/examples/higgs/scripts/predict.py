#!/usr/bin/env python3
"""Applies a network that hpogrid trained, with NumPy alone. usage: predict.py model.h5 events.h5"""
import math
import sys

import h5py
import numpy

ACTIVATIONS = {
    "relu": lambda z: numpy.maximum(z, 0), "tanh": numpy.tanh, "sigmoid": lambda z: 1 / (1 + numpy.exp(-z)),
    "gelu": lambda z: z * 0.5 * (1 + numpy.vectorize(math.erf)(z / math.sqrt(2))),
    "silu": lambda z: z / (1 + numpy.exp(-z)), "elu": lambda z: numpy.where(z > 0, z, numpy.expm1(numpy.minimum(z, 0))),
    "leaky_relu": lambda z: numpy.where(z > 0, z, 0.01 * z)}


def predict(model, events):
    """Probability of being signal (or of each class, or the value of a regression) of each event."""
    x = (numpy.stack([events[name.decode()][:] for name in model["features"]], axis=1) - model["mean"]) * model["scale"]
    layers = [model[f"layer_{i}"] for i in range(sum(name.startswith("layer_") for name in model))]
    for i, layer in enumerate(layers):
        x = x @ layer["weights"][:].T + layer["biases"]
        if "gains" in layer:
            batch = "means" in layer
            mean, variance = (layer["means"], layer["variances"][:]) if batch else (x.mean(1)[:, None], x.var(1)[:, None])
            x = (x - mean) / numpy.sqrt(variance + model.attrs["norm_epsilon"]) * layer["gains"] + layer["shifts"]
        if i + 1 < len(layers):
            x = ACTIVATIONS[model.attrs["activation"]](x)
    if model.attrs["output"] == "logit":
        return ACTIVATIONS["sigmoid"](x[:, 0])
    exponential = numpy.exp(x - x.max(axis=1, keepdims=True))
    return x[:, 0] if model.attrs["output"] == "value" else exponential / exponential.sum(axis=1, keepdims=True)


if __name__ == "__main__":
    with h5py.File(sys.argv[1]) as model_file, h5py.File(sys.argv[2]) as events_file:
        numpy.savetxt(sys.stdout, predict(model_file, events_file))
