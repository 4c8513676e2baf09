#!/usr/bin/env python3
"""Writes scikit-learn's digits and breast cancer data as HDF5 tables, a dataset for each column.

usage: make_tables.py [FOLDER]
"""
import pathlib
import sys

import h5py
import sklearn.datasets


def write_table(path, data, label):
    with h5py.File(path, "w") as file:
        for name, column in zip(data.feature_names, data.data.T):
            file[name.replace(" ", "_")] = column.astype("f4")
        file["label"] = label.astype("f4")


def main():
    folder = pathlib.Path(sys.argv[1] if len(sys.argv) > 1 else ".")
    digits = sklearn.datasets.load_digits()
    write_table(folder / "digits.h5", digits, digits.target)
    cancer = sklearn.datasets.load_breast_cancer()
    write_table(folder / "breast_cancer.h5", cancer, cancer.target == 0)  # 1 is malignant


if __name__ == "__main__":
    main()
