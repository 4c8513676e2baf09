"""One trial's process, forked from the warm host or (`python3 -m hpogrid._engine.child`) a fresh interpreter.

It is made before its trial is known and waits for the order on its channel.
"""

import argparse
import atexit
import ctypes
import faulthandler
import os
import random
import signal
import sys
import threading
import traceback

from hpogrid._engine import running, script, thread_counts, trial
from hpogrid._engine.channel import Channel, shorten

_PR_SET_PDEATHSIG = 1
# Seconds that exit handlers and left-over threads of the script get after the trial has ended.
_EXIT_PATIENCE = 10
# Added to the badness that the kernel's out-of-memory killer sees: the trial goes, the host stays.
_OOM_SCORE = "500"
# Says of every process which trial it belongs to; the host is started with one of the same length.
_MARKER = "HPOGRID_TRIAL"
_OOM_TEXTS = ("CUDA out of memory", "OutOfMemoryError", "CUDA_ERROR_OUT_OF_MEMORY", "cudaErrorMemoryAllocation")
_OOM_TYPES = ("OutOfMemoryError", "ResourceExhaustedError")


def serve(channel, load_model, thread_setters=()):
    """Waits for the order, runs the trial, and never returns. load_model() gives the user's function or class.

    An object that can begin another trial waits for the next order, and so on.
    """
    status = 1
    try:
        order = _next_order(channel)
        if order is None:
            os._exit(0)
        kept = None
        while order is not None:
            status, kept = _run(order, channel, load_model, thread_setters, kept)
            order = _next_order(channel) if kept is not None else None
        if kept is not None:
            kept.stop()
    except BaseException:  # nothing of this process may run on in the host's code
        traceback.print_exc()
    finally:
        _leave(status)


def _next_order(channel):
    """None when the worker has gone. Messages to a trial that had just ended by itself are passed over."""
    while True:
        message = channel.receive()
        if message is None or "trial" in message:
            return message


def detach(parent):
    """Makes this process the leader of its own session, and mortal with its parent."""
    if os.getsid(0) != os.getpid():
        os.setsid()
    ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0)
    if os.getppid() != parent:
        os._exit(1)
    try:
        with open("/proc/self/oom_score_adj", "w") as file:
            file.write(_OOM_SCORE)
    except OSError:
        pass


def show_marker(environment):
    """Writes the trial's marker where the worker looks for it: into the memory behind /proc/<pid>/environ.

    What a trial forks keeps that memory, so even a fork of a fork in a session of its own is known to be the trial's.
    """
    marker = environment.get(_MARKER, "").encode()
    getenv = ctypes.CDLL(None).getenv
    getenv.restype = ctypes.c_void_p
    place = getenv(_MARKER.encode())
    if place and len(ctypes.string_at(place)) == len(marker):
        ctypes.memmove(place, marker, len(marker))


def redirect_output(descriptor):
    os.dup2(descriptor, 1)
    os.dup2(descriptor, 2)
    os.close(descriptor)


def prepare_output():
    """A crash loses no line, and no character is an error. To be done before the output is redirected."""
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):  # Python 3.7
            stream.reconfigure(line_buffering=True, errors="backslashreplace")


def _run(order, channel, load_model, thread_setters, kept):
    """The exit status (minus a signal's number: to die of that), and the object that can begin another trial, if any."""
    os.environ.update(order.get("environment", {}))
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    signal.signal(signal.SIGINT, signal.default_int_handler)
    faulthandler.enable(file=2)
    this = trial.begin(_trial_of(order, channel))
    try:
        os.chdir(this.folder)
        _set_threads(thread_setters)
        _seed(order.get("seed"))
        if kept is not None and not _begins_another(kept, order["configuration"]):
            channel.send({"cannot_reset": True})
            return 0, None
        kept = running.run(load_model(), order["configuration"], this, kept)
    except trial.StopReached:
        kept = None
    except running.Stopped:
        return -signal.SIGTERM, None
    except (trial.Abandoned, trial.Left):
        return 0, None
    except SystemExit as leaving:
        return _ended_by_exit(leaving.code, this, channel), None
    except script.ScriptError as error:
        return _failed(channel, str(error)), None
    except BaseException as error:
        return _failed(channel, _describe(error), "oom" if is_out_of_memory(error) else "exception"), None
    if kept is not None:
        _flush_output()
        channel.send({"kept": True})
    channel.send({"done": True})
    return 0, kept


def _begins_another(kept, configuration):
    try:
        if kept.reset(configuration):
            return True
        print("hpogrid: reset_config() returned False, the trial gets a new process", flush=True)
    except Exception:
        traceback.print_exc()
        print("hpogrid: reset_config() failed, the trial gets a new process", file=sys.stderr, flush=True)
    try:
        kept.stop()
    except Exception:
        traceback.print_exc()
    _flush_output()
    return False


def _trial_of(order, channel):
    return trial.Trial(
        identity=str(order["trial"]),
        folder=order["folder"],
        metric=os.environ.get("HPOGRID_METRIC"),
        checkpoint=order.get("checkpoint"),
        channel=channel,
        attempt=order.get("attempt", 1),
        milestone=order.get("milestone"),
    )


def _set_threads(setters):
    count = os.environ.get("OMP_NUM_THREADS", "")
    if count.isdigit() and int(count) > 0:
        thread_counts.apply(int(count), setters)


def _seed(seed):
    if seed is None:
        return
    random.seed(seed)
    if "numpy" in sys.modules:
        sys.modules["numpy"].random.seed(seed % 2**32)
    if "torch" in sys.modules:
        sys.modules["torch"].manual_seed(seed % 2**63)


def _ended_by_exit(code, this, channel):
    if code in (None, 0) and this.reports:
        channel.send({"done": True})
        return 0
    return _failed(channel, "the script called sys.exit({!r}) before it was done".format(code))


def _failed(channel, text, kind="exception"):
    print(text, file=sys.stderr)
    channel.send({"error": shorten(text), "kind": kind})
    return 1


def _describe(error):
    try:
        return script.describe_exception()
    except MemoryError:
        return "{}: {}".format(type(error).__name__, error)


def is_out_of_memory(error):
    """Of the host (MemoryError) or of the GPU, by the names that the frameworks give it."""
    if isinstance(error, MemoryError) or type(error).__name__ in _OOM_TYPES:
        return True
    return isinstance(error, RuntimeError) and any(text in str(error) for text in _OOM_TEXTS)


def _leave(status):
    """Ends as an interpreter ends, but within a bounded time, and without the host's part of it.

    What cleaned up after a signal dies of it: an exit would say that the trial came to its own end.
    """
    signal.signal(signal.SIGALRM, signal.SIG_DFL)
    signal.alarm(_EXIT_PATIENCE)
    try:
        threading._shutdown()
        atexit._run_exitfuncs()
    except BaseException:
        pass
    _flush_output()
    if status < 0:
        signal.signal(-status, signal.SIG_DFL)
        os.kill(os.getpid(), -status)
    os._exit(abs(status))


def _flush_output():
    for stream in (sys.stdout, sys.stderr):
        try:
            stream.flush()
        except Exception:
            pass


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--channel", type=int, required=True)
    parser.add_argument("--parent", type=int, required=True)
    parser.add_argument("--scripts-path", required=True)
    parser.add_argument("--script", required=True)
    parser.add_argument("--model", required=True)
    arguments = parser.parse_args()
    detach(arguments.parent)
    prepare_output()
    script.prepare_paths(arguments.scripts_path, arguments.script)
    serve(Channel(arguments.channel), _load_ahead(arguments))


def _load_ahead(arguments):
    """Imports the script now; what goes wrong is raised when the model is wanted."""
    try:
        model = script.load(arguments.scripts_path, arguments.script, arguments.model)
    except script.ScriptError as error:
        failure = error

        def fail():
            raise failure

        return fail
    return lambda: model


if __name__ == "__main__":
    main()
