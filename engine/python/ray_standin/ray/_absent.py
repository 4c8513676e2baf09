"""What the stand-in lacks.

Names by which scripts configure a search of their own (schedulers, search algorithms, loggers: typically below
`if __name__ == "__main__"`, but imported at the top) give inert objects. Everything else raises.
"""

import importlib.machinery
import sys
import types

_INERT_MODULES = (
    "ray.air.config",
    "ray.tune.logger",
    "ray.tune.progress_reporter",
    "ray.tune.registry",
    "ray.tune.schedulers",
    "ray.tune.search",
    "ray.tune.stopper",
    "ray.tune.suggest",
)


class Inert:
    """Can be made, called, and derived from; does nothing."""

    def __init__(self, *_, **__):
        pass

    def __call__(self, *_, **__):
        return self


def inert(name):
    return type(name, (Inert,), {})


def explanation(name):
    return (
        "{} is not there: hpogrid-engine evaluates trials itself and gives scripts only Ray's reporting, checkpoints "
        "and Trainable (set HPOGRID_REAL_RAY=1 to use the installed Ray)".format(name)
    )


def attribute_error_of(module):
    def get(name):
        raise AttributeError(explanation(module + "." + name))

    return get


def refuse(name):
    """A function that exists to be named, not to be called in a trial."""

    def call(*_, **__):
        raise RuntimeError(
            "{}() cannot run inside hpogrid-engine, which runs the search itself: "
            'keep it below `if __name__ == "__main__":`'.format(name)
        )

    return call


class _InertModule(types.ModuleType):
    def __getattr__(self, name):
        if name.startswith("__"):
            raise AttributeError(name)
        return inert(name)


class _Finder:
    """The last finder, asked for what is in no file."""

    @classmethod
    def find_spec(cls, name, path=None, target=None):
        if not name.startswith("ray."):
            return None
        if name.startswith(_INERT_MODULES):
            return importlib.machinery.ModuleSpec(name, cls, is_package=True)
        raise ImportError(explanation(name))

    @staticmethod
    def create_module(spec):
        return _InertModule(spec.name)

    @staticmethod
    def exec_module(module):
        pass


sys.meta_path.append(_Finder)
