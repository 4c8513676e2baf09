"""The warm host: `python3 -m hpogrid.host`, one a worker.

It imports the user's script once and forks a process for every trial, always one ahead, so a trial starts in
milliseconds whatever the script imports, and no trial sees what another one did to the script's globals. It never uses
the GPU itself. Where a fork after the import is unsafe, it replaces itself by a launcher without the import, which
starts a fresh interpreter for every trial, one ahead as well.
"""

import argparse
import gc
import os
import selectors
import signal
import subprocess
import sys
import traceback

from hpogrid._engine import child, fork_safety, script, thread_counts
from hpogrid._engine.channel import Channel, shorten
from hpogrid._engine.control import Control


class Host:
    """Answers the worker's requests; `make` is what makes a trial's process from its descriptors and environment."""

    def __init__(self, control, make):
        self._control = control
        self._make = make
        self._wake, wake_writer = os.pipe()
        for descriptor in (self._wake, wake_writer):
            os.set_blocking(descriptor, False)
        signal.set_wakeup_fd(wake_writer)
        signal.signal(signal.SIGCHLD, lambda *_: None)
        self.own_descriptors = (self._wake, wake_writer)

    def run(self):
        with selectors.DefaultSelector() as selector:
            selector.register(self._control, selectors.EVENT_READ, self._serve)
            selector.register(self._wake, selectors.EVENT_READ, self._reap)
            self.own_descriptors += (selector.fileno(),) if hasattr(selector, "fileno") else ()
            while True:
                for key, _ in selector.select():
                    if not key.data():
                        return

    def _serve(self):
        request, descriptors = self._control.receive()
        if request is None:
            return False
        number = request["prepare"]
        try:
            process = self._make(descriptors[0], descriptors[1], request.get("environment", {}), self)
            self._control.send({"prepared": number, "pid": process})
        except OSError as error:
            self._control.send({"not_prepared": number, "error": str(error)})
        finally:
            for descriptor in descriptors:
                os.close(descriptor)
        return True

    def _reap(self):
        try:
            os.read(self._wake, 4096)
        except BlockingIOError:
            pass
        while True:
            try:
                process, status = os.waitpid(-1, os.WNOHANG)
            except ChildProcessError:
                return True
            if process == 0:
                return True
            self._control.send({"exited": process, "status": status})

    def forget_in_child(self):
        signal.set_wakeup_fd(-1)
        signal.signal(signal.SIGCHLD, signal.SIG_DFL)
        self._control.close()
        for descriptor in self.own_descriptors:
            os.close(descriptor)


def _forker(model):
    """Makes trials by forking this process, which has imported the script."""
    setters = thread_counts.loaded_setters()
    parent = os.getpid()

    def make(channel, log, environment, host):
        process = os.fork()
        if process:
            return process
        try:
            child.detach(parent)
            host.forget_in_child()
            child.redirect_output(log)
            child.show_marker(environment)
            os.environ.update(environment)
            child.serve(Channel(channel), lambda: model, setters)
        except BaseException:  # the host's loop is not the child's to run
            traceback.print_exc()
        finally:
            os._exit(1)

    return make


def _spawner(arguments):
    """Makes trials by starting fresh interpreters, which import the script while they wait."""

    def make(channel, log, environment, _):
        started = subprocess.Popen(
            [sys.executable, "-m", "hpogrid._engine.child", "--channel", str(channel), "--parent", str(os.getpid())]
            + ["--scripts-path", arguments.scripts_path, "--script", arguments.script, "--model", arguments.model],
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            pass_fds=[channel],
            start_new_session=True,
            env=dict(os.environ, **environment),
        )
        started.returncode = 0  # the host's own loop waits for it
        return started.pid

    return make


def _become_launcher(control, reason):
    """Drops everything that the import brought: memory, threads, and the GPU."""
    descriptor = control.detach()
    os.set_inheritable(descriptor, True)
    sys.stdout.flush()
    os.execv(sys.executable, [sys.executable, "-m", "hpogrid.host"] + sys.argv[1:] + ["--launcher", reason])


def _parse():
    parser = argparse.ArgumentParser(prog="hpogrid.host")
    parser.add_argument("--control", type=int, required=True, help="descriptor of the socket to the worker")
    parser.add_argument("--scripts-path", required=True)
    parser.add_argument("--script", required=True, help="absolute path")
    parser.add_argument("--model", required=True, help="function or class in the script")
    parser.add_argument("--start", choices=["automatic", "fork", "spawn"], default="automatic")
    parser.add_argument("--launcher", help="start fresh interpreters, for this reason")
    return parser.parse_args()


def main():
    arguments = _parse()
    child.prepare_output()
    control = Control(arguments.control)
    os.set_inheritable(arguments.control, False)
    reason = arguments.launcher or ("asked for by the configuration" if arguments.start == "spawn" else None)
    if reason is None:
        script.prepare_paths(arguments.scripts_path, arguments.script)
        try:
            model = script.load(arguments.scripts_path, arguments.script, arguments.model)
        except script.ScriptError as error:
            control.send({"import_error": shorten(str(error))})
            return
        unsafe = None if arguments.start == "fork" else fork_safety.why_unsafe()
        if unsafe:
            _become_launcher(control, unsafe)
        make, answer = _forker(model), {"ready": "fork", "reason": "the import left neither threads nor a GPU in use"}
        gc.collect()
        gc.freeze() if hasattr(gc, "freeze") else None  # Python 3.7: collections do not touch, and copy, shared pages
    else:
        make, answer = _spawner(arguments), {"ready": "spawn", "reason": reason}
    print("hpogrid: trials start by {} ({})".format(answer["ready"], answer["reason"]), flush=True)
    control.send(answer)
    Host(control, make).run()


if __name__ == "__main__":
    main()
