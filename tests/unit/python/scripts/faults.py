"""Scripts that go wrong."""

import ctypes
import os
import signal
import subprocess
import sys
import time

import hpogrid


def raises(config):
    print("about to fail")
    raise RuntimeError("negative width")


def leaves_with_sys_exit(config):
    sys.exit(3)


def leaves_after_reporting(config):
    hpogrid.report(loss=1.0)
    sys.exit(0)


def leaves_at_once(config):
    os._exit(7)


def crashes(config):
    ctypes.string_at(0)


def hangs(config):
    hpogrid.report(loss=1.0)
    time.sleep(600)


def ignores_sigterm(config):
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    hpogrid.report(loss=1.0)
    while True:
        time.sleep(1)


def leaves_grandchildren(config):
    started = subprocess.Popen(["sleep", "600"])
    hpogrid.report(loss=1.0, grandchild=started.pid)


def runs_out_of_memory(config):
    raise MemoryError("cannot allocate 1 TB")


def runs_out_of_gpu_memory(config):
    raise RuntimeError("CUDA out of memory. Tried to allocate 2.00 GiB")


def gives_nan(config):
    return {"loss": float("nan")}


def gives_text(config):
    return {"loss": "0.5"}


def prints_much(config):
    for _ in range(2000):
        print("x" * 999)
    return {"loss": 1.0}


def good(config):
    return {"loss": config.get("x", 1.0)}
