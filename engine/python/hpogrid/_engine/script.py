"""Finds the user's model in the user's script."""

import difflib
import importlib.util
import inspect
import os
import sys
import traceback

_OURS = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))


class ScriptError(Exception):
    """The script cannot be used. The text is for the user: a traceback or a sentence."""


def prepare_paths(scripts_path, script):
    """Imports look into the user's folders first, as if the script had been started there."""
    package_path = os.path.dirname(_OURS)
    ray_standin = os.path.join(package_path, "ray_standin")
    folders = [scripts_path]
    if os.path.dirname(script) != scripts_path:
        folders.insert(0, os.path.dirname(script))
    kept = [path for path in sys.path if path not in folders and path not in ("", ray_standin)]
    sys.path[:] = folders + [ray_standin] + kept
    if os.environ.get("HPOGRID_REAL_RAY") == "1":
        sys.path.remove(ray_standin)


def load(scripts_path, script, model):
    """Imports the script and returns its model. Throws ScriptError."""
    if not os.path.isfile(script):
        raise ScriptError("{}: no such file".format(script))
    name = os.path.splitext(os.path.basename(script))[0]
    if name in sys.modules:
        name = "hpogrid_script_" + name
    try:
        if os.environ.get("HPOGRID_REAL_RAY") == "1":
            from hpogrid._engine import real_ray

            real_ray.redirect_reports()
        os.chdir(scripts_path)
        specification = importlib.util.spec_from_file_location(name, script)
        module = importlib.util.module_from_spec(specification)
        sys.modules[name] = module
        specification.loader.exec_module(module)
    except SystemExit as leaving:
        raise ScriptError("{}: called sys.exit({!r}) while it was imported".format(script, leaving.code))
    except BaseException:
        raise ScriptError(describe_exception())
    return find(module, script, model)


def find(module, script, model):
    found = getattr(module, model, None)
    if found is None:
        own = [key for key, value in vars(module).items() if callable(value) and not key.startswith("_")]
        near = difflib.get_close_matches(model, own, 1)
        hint = " (did you mean '{}'?)".format(near[0]) if near else ""
        raise ScriptError(
            "{}: has no '{}'{}, functions and classes in it: {}".format(
                script, model, hint, ", ".join(sorted(own)) or "none"
            )
        )
    if not callable(found) or inspect.ismodule(found):
        raise ScriptError(
            "{}: '{}' is {}, it must be a function or a class".format(script, model, type(found).__name__)
        )
    return found


def describe_exception():
    """Traceback of the exception in hand, from the user's first line on."""
    kind, error, trace = sys.exc_info()
    begin = trace
    while begin is not None and _is_machinery(begin.tb_frame.f_code.co_filename):
        begin = begin.tb_next
    return "".join(traceback.format_exception(kind, error, begin)).rstrip()


def _is_machinery(filename):
    return filename.startswith(_OURS) or filename.startswith("<frozen importlib")
