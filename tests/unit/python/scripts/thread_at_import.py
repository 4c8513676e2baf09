"""A thread that lives on after the import: a fork would lose it."""

import os
import threading

threading.Thread(target=threading.Event().wait, name="prefetcher", daemon=True).start()


def objective(config):
    return {"loss": 1.0, "threads": threading.active_count(), "pid": os.getpid()}
