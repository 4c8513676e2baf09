#!/usr/bin/env python3
"""Draws collision-like events with a signal and a background, and writes them as HDF5 tables.

usage: make_events.py [-n EVENTS] [--seed SEED] [FOLDER]

train.h5 and validation.h5 (a quarter as many) have a column for each quantity. The signal is a narrow resonance at 125 GeV
that decays to two particles; the background has a falling mass. Momenta are smeared by 10 %, as a detector would. Weights
bring the sums to the yields that an experiment expects: 100 signal events in 10000 of background.
"""
import argparse
import pathlib

import h5py
import numpy


def draw_pairs(random, masses):
    """Two particles from the decay of each mass, back to back in its rest frame, boosted across the beam."""
    count = len(masses)
    cosine, phi = random.uniform(-1, 1, count), random.uniform(-numpy.pi, numpy.pi, count)
    sine = numpy.sqrt(1 - cosine**2)
    momentum = masses / 2 * numpy.array([sine * numpy.cos(phi), sine * numpy.sin(phi), cosine])
    rapidity = random.exponential(0.4, count)
    boosted = []
    for sign in (1, -1):
        x, y, z = sign * momentum
        x = numpy.sinh(rapidity) * masses / 2 + numpy.cosh(rapidity) * x
        transverse = numpy.hypot(x, y)
        smeared = transverse * random.normal(1, 0.1, count).clip(0.5, 1.5)
        boosted.append((smeared, numpy.arcsinh(z / transverse), numpy.arctan2(y, x)))
    return boosted


def draw_events(random, count):
    label = random.integers(0, 2, count)
    masses = numpy.where(label == 1, random.normal(125, 2, count), 60 + random.exponential(60, count))
    (pt_1, eta_1, phi_1), (pt_2, eta_2, phi_2) = draw_pairs(random, masses)
    expected = numpy.where(label == 1, 100.0, 10000.0)
    columns = {"pt_1": pt_1, "eta_1": eta_1, "phi_1": phi_1, "pt_2": pt_2, "eta_2": eta_2, "phi_2": phi_2,
               "delta_phi": numpy.abs((phi_1 - phi_2 + numpy.pi) % (2 * numpy.pi) - numpy.pi),
               "delta_eta": numpy.abs(eta_1 - eta_2), "label": label,
               "weight": expected / numpy.bincount(label, minlength=2)[label]}
    return {name: column.astype("f4") for name, column in columns.items()}


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", nargs="?", type=pathlib.Path, default=pathlib.Path())
    parser.add_argument("-n", "--events", type=int, default=20000)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    random = numpy.random.default_rng(options.seed)
    for name, count in (("train", options.events), ("validation", options.events // 4)):
        with h5py.File(options.folder / f"{name}.h5", "w") as file:
            for column, values in draw_events(random, count).items():
                file[column] = values


if __name__ == "__main__":
    main()
