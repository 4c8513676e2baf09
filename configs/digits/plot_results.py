"""Draws a study of the digits: python3 plot_results.py results.h5 picture.svg (needs h5py, pandas, matplotlib)."""

import sys

import h5py
import matplotlib
import pandas

matplotlib.use("agg")
matplotlib.rcParams["svg.hashsalt"] = "hpogrid"
import matplotlib.pyplot as plt  # noqa: E402

COLOURS = {"completed": "#1b6ca8", "stopped": "#d9a441"}


def read(path):
    with h5py.File(path) as file:
        trials = pandas.DataFrame({name: file["trials/params"][name][:] for name in file["trials/params"]})
        trials["accuracy"] = file["trials/metrics/accuracy"][:]
        trials["state"] = file["trials/state"].asstr()[:]
        trials["optimizer"] = file["trials/params/optimizer"].asstr()[:]
        reports = pandas.DataFrame({"trial": file["reports/trial_id"][:], "epoch": file["reports/iteration"][:],
                                    "accuracy": file["reports/metrics/accuracy"][:]})
        return trials, reports, int(file.attrs["best_trial"])


def draw(trials, reports, best):
    figure, (curves, points) = plt.subplots(1, 2, figsize=(9, 3.4), layout="constrained")
    for trial, of_trial in reports.groupby("trial"):
        curves.plot(of_trial["epoch"], of_trial["accuracy"], color=COLOURS[trials["state"][trial]],
                    linewidth=2.2 if trial == best else 0.8)
    for state, colour in COLOURS.items():
        count = int((trials["state"] == state).sum())
        label = f"{count} trained to the end" if state == "completed" else f"{count} stopped early"
        curves.plot([], [], color=colour, label=label)
    curves.set(xlabel="epoch", ylabel="accuracy", ylim=(0, 1))
    curves.legend(loc="lower right")
    for optimizer, marker in (("adam", "o"), ("sgd", "^")):
        of_optimizer = trials[trials["optimizer"] == optimizer]
        points.scatter(of_optimizer["lr"], of_optimizer["accuracy"], marker=marker, label=optimizer,
                       c=of_optimizer["state"].map(COLOURS))
    points.set(xlabel="learning rate", ylabel="best accuracy", xscale="log", ylim=(0, 1))
    points.legend(title="optimizer", loc="lower right")
    return figure


if __name__ == "__main__":
    draw(*read(sys.argv[1])).savefig(sys.argv[2], metadata={"Date": None})
