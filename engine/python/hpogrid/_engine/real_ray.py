"""HPOGRID_REAL_RAY=1: scripts see the installed Ray, with the functions that report pointing here."""

import importlib

from hpogrid import reporting

_MODULES = ("ray.tune", "ray.train", "ray.air.session")


def _report(_metric=None, *, metrics=None, checkpoint=None, checkpoint_dir_name=None, **more):
    reporting.report(_metric if metrics is None else metrics, checkpoint=checkpoint, **more)


def redirect_reports():
    for name in _MODULES:
        try:
            module = importlib.import_module(name)
        except ImportError:  # not in this version of Ray
            continue
        if hasattr(module, "report"):
            module.report = _report
        if hasattr(module, "get_checkpoint"):
            module.get_checkpoint = reporting.get_checkpoint
