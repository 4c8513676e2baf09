"""Whether this process may be forked after it imported the user's script."""

import os
import sys
import threading
import time

# A thread that is just about to end is given this long, in seconds.
_PATIENCE = 0.1
# Open in a process that has initialised the GPU's driver: CUDA (NVML alone does not open it), ROCm.
_DEVICES = ("/dev/nvidia-uvm", "/dev/kfd")
# Imported, these hold state of their own that no fork survives.
_FORKLESS_MODULES = ("tensorflow", "mpi4py.MPI")


def why_unsafe():
    """One clause, None when a fork is safe."""
    for name in _FORKLESS_MODULES:
        if name in sys.modules:
            return "{} is imported".format(name)
    torch = sys.modules.get("torch")
    if torch is not None and hasattr(torch, "cuda") and torch.cuda.is_initialized():
        return "CUDA is initialised by PyTorch"
    for device in _open_devices():
        return "the GPU driver is initialised ({} is open)".format(device)
    return _threads()


def _open_devices():
    for descriptor in os.listdir("/proc/self/fd"):
        try:
            path = os.readlink("/proc/self/fd/" + descriptor)
        except OSError:
            continue
        if path in _DEVICES:
            yield path


def _threads():
    deadline = time.monotonic() + _PATIENCE
    while True:
        alive = [thread.name for thread in threading.enumerate() if thread is not threading.main_thread()]
        tasks = len(os.listdir("/proc/self/task"))
        if not alive and tasks == 1:
            return None
        if time.monotonic() > deadline:
            break
        time.sleep(0.01)
    if alive:
        return "threads are alive after the import: {}".format(", ".join(alive))
    return "{} native threads are alive after the import".format(tasks - 1)
