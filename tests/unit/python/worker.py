"""Plays the worker: starts the host, orders trials and collects what they say."""

import array
import contextlib
import json
import os
import select
import shutil
import socket
import subprocess
import sys
import tempfile
import time

HERE = os.path.dirname(os.path.abspath(__file__))
PACKAGE = os.path.normpath(os.path.join(HERE, "../../../engine/python"))
SCRIPTS = os.path.join(HERE, "scripts")
PATIENCE = 30.0

sys.path.insert(0, os.path.normpath(os.path.join(HERE, "../../support")))


class Attempt:
    """One prepared process and, once ordered, its trial."""

    def __init__(self, number, channel, log):
        self.number = number
        self.channel = channel
        self.log = log
        self.pid = None
        self.status = None
        self.messages = []
        self.unread = b""

    @property
    def reports(self):
        return [message["report"] for message in self.messages if "report" in message]

    @property
    def error(self):
        errors = [message["error"] for message in self.messages if "error" in message]
        return errors[0] if errors else None

    @property
    def done(self):
        return {"done": True} in self.messages

    @property
    def output(self):
        text = b""
        while select.select([self.log], [], [], 0)[0]:
            chunk = os.read(self.log, 65536)
            if not chunk:
                break
            text += chunk
        return text.decode()


class Worker:
    def __init__(self, script, model="objective", start="automatic", scripts_path=SCRIPTS, environment=None):
        self.folder = tempfile.mkdtemp(prefix="hpogrid_test_")
        self.control, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        self.answers = []
        self.attempts = []
        variables = dict(os.environ, PYTHONPATH=PACKAGE, OMP_NUM_THREADS="1")
        variables.update(environment or {})
        with open(os.path.join(self.folder, "host.log"), "w") as log:
            self.host = subprocess.Popen(
                [sys.executable, "-m", "hpogrid.host", "--control", str(theirs.fileno()), "--scripts-path", scripts_path]
                + ["--script", os.path.join(scripts_path, script), "--model", model, "--start", start],
                pass_fds=[theirs.fileno()],
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                env=variables,
            )
        theirs.close()

    def close(self):
        self.control.close()
        self.host.kill()
        self.host.wait()
        for attempt in self.attempts:
            attempt.channel.close()
            os.close(attempt.log)
        shutil.rmtree(self.folder, ignore_errors=True)

    def first_answer(self):
        self.wait(lambda: self.answers)
        return self.answers[0]

    def prepare(self, **environment):
        ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_STREAM)
        log, log_writer = os.pipe()
        attempt = Attempt(len(self.attempts), ours, log)
        self.attempts.append(attempt)
        request = json.dumps({"prepare": attempt.number, "environment": environment}).encode()
        rights = array.array("i", [theirs.fileno(), log_writer])
        self.control.sendmsg([request], [(socket.SOL_SOCKET, socket.SCM_RIGHTS, rights)])
        theirs.close()
        os.close(log_writer)
        return attempt

    def order(self, attempt, config, checkpoint="", seed=1, milestone=None, **environment):
        folder = os.path.join(self.folder, "{:06d}".format(attempt.number))
        os.makedirs(folder, exist_ok=True)
        message = {
            "trial": attempt.number,
            "attempt": 1,
            "configuration": config,
            "folder": folder,
            "seed": seed,
            "checkpoint": checkpoint,
            "environment": dict(environment, HPOGRID_TRIAL_ID=str(attempt.number), HPOGRID_TRIAL_DIR=folder),
        }
        if milestone is not None:
            message["milestone"] = milestone
        attempt.channel.sendall(json.dumps(message).encode() + b"\n")

    def proceed(self, attempt, milestone):
        attempt.channel.sendall(json.dumps({"proceed": milestone}).encode() + b"\n")

    def run(self, config=None, **more):
        """One trial from its preparation to its end."""
        attempt = self.prepare()
        self.order(attempt, config or {}, **more)
        self.wait(lambda: attempt.status is not None)
        return attempt

    def wait(self, condition, patience=PATIENCE):
        deadline = time.monotonic() + patience
        while not condition():
            if time.monotonic() > deadline:
                raise AssertionError("nothing more came; answers: {}".format(self.answers))
            self._poll(0.05)

    def _poll(self, seconds):
        sources = [self.control] + [attempt.channel for attempt in self.attempts if attempt.channel.fileno() >= 0]
        ready = select.select(sources, [], [], seconds)[0]
        # What a trial said came before its end, so it is read before.
        for attempt in self.attempts:
            if attempt.channel in ready:
                self._read(attempt)
        if self.control in ready:
            self._read_control()

    def _read(self, attempt):
        while select.select([attempt.channel], [], [], 0)[0]:
            try:
                chunk = attempt.channel.recv(65536)
            except ConnectionResetError:
                chunk = b""
            if not chunk:
                attempt.channel.close()
                return
            *lines, attempt.unread = (attempt.unread + chunk).split(b"\n")
            attempt.messages.extend(json.loads(line.decode()) for line in lines)

    def _read_control(self):
        packet = self.control.recv(1 << 17)
        if not packet:
            raise AssertionError("the host has gone; answers: {}".format(self.answers))
        answer = json.loads(packet.decode())
        self.answers.append(answer)
        for attempt in self.attempts:
            if answer.get("prepared") == attempt.number:
                attempt.pid = answer["pid"]
            if answer.get("exited") is not None and answer["exited"] == attempt.pid:
                if attempt.channel.fileno() >= 0:
                    self._read(attempt)
                attempt.status = answer["status"]


@contextlib.contextmanager
def worker(script, model="objective", **more):
    playing = Worker(script, model, **more)
    try:
        yield playing
    finally:
        playing.close()
