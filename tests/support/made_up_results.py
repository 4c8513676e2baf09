"""Results files of any size, with a structure that views and figures must show."""
import random

import h5py
import numpy


def write_results(file, trials, epochs, seed=1, project="moons </script>", names=None):
    """A results file of the size wanted: accuracy depends on lr and optimizer, hardly on the other parameters. `names`:
    other names of hyperparameters."""
    draw = random.Random(seed)
    text = h5py.string_dtype()
    with h5py.File(file, "w") as results:
        results.attrs.update({"schema_version": 1, "engine_version": "0", "project_name": project, "metric": "accuracy",
                              "mode": "max", "algorithm": "random", "scheduler": "none", "seed": seed, "status": "finished",
                              "best_trial": 0, "config": "{}"})
        params = {"lr": [10 ** draw.uniform(-5, -1) for _ in range(trials)],
                  "layers": [draw.randint(1, 5) for _ in range(trials)],
                  "dropout": [draw.uniform(0, .5) for _ in range(trials)],
                  "momentum": [draw.uniform(.5, 1) for _ in range(trials)],
                  "optimizer": [draw.choice(["adam", "sgd", "rmsprop"]) for _ in range(trials)]}
        score = [.95 - .06 * (numpy.log10(lr) + 2.7) ** 2 - .05 * (optimizer == "sgd") - .01 * layers * dropout
                 + draw.gauss(0, .004) for lr, optimizer, layers, dropout in
                 zip(params["lr"], params["optimizer"], params["layers"], params["dropout"])]
        for name, values in params.items():
            results[f"trials/params/{(names or {}).get(name, name)}"] = numpy.array(values, dtype=text if name == "optimizer" else None)
        columns = {"id": range(trials), "attempt": [0] * trials, "worker": [1] * trials, "iterations": [epochs] * trials,
                   "started": [100. + i for i in range(trials)], "ended": [110. + i for i in range(trials)],
                   "duration": [10.] * trials}
        for name, values in columns.items():
            results[f"trials/{name}"] = numpy.array(values)
        for name, value in {"state": "completed", "origin": "suggested", "host": "node", "gpu": "", "error": "", "log": ""}.items():
            results[f"trials/{name}"] = numpy.array([value] * trials, dtype=text)
        results["trials/metrics/accuracy"] = results["trials/metrics/accuracy_last"] = numpy.array(score)
        results["reports/trial_id"] = numpy.repeat(numpy.arange(trials), epochs)
        results["reports/iteration"] = numpy.tile(numpy.arange(1, epochs + 1), trials)
        results["reports/time"] = numpy.zeros(trials * epochs)
        results["reports/metrics/accuracy"] = numpy.concatenate(
            [value - .4 * numpy.exp(-.5 * numpy.arange(epochs)) - .1 / (1 + numpy.arange(epochs)) for value in score])
    return params, score
