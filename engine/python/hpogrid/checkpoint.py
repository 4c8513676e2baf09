"""State of a training that it can continue from."""

import contextlib
import json
import os
import pickle
import shutil
import tempfile
import threading

_STATE = "hpogrid_state.pickle"
_METADATA = "hpogrid_metadata.json"
_FLUSHERS = 4


class Checkpoint:
    """A folder of files. The interface of ray.train.Checkpoint (Ray 2) and of its dictionary form (ray.air)."""

    def __init__(self, path, filesystem=None):
        if filesystem is not None:
            raise ValueError("only checkpoints in a local folder are supported")
        self.path = os.fspath(path)

    def __fspath__(self):
        return self.path

    def __repr__(self):
        return "Checkpoint({!r})".format(self.path)

    @classmethod
    def from_directory(cls, path):
        return cls(path)

    @classmethod
    def from_dict(cls, state):
        folder = tempfile.mkdtemp(prefix="checkpoint_")
        write_state(folder, state)
        return cls(folder)

    def to_dict(self):
        return read_state(self.path)

    def to_directory(self, path=None):
        """Copies the files to `path` (default: a new temporary folder) and returns it."""
        target = os.fspath(path) if path is not None else tempfile.mkdtemp(prefix="checkpoint_")
        copy_files(self.path, target)
        return target

    @contextlib.contextmanager
    def as_directory(self):
        yield self.path

    def get_metadata(self):
        try:
            with open(os.path.join(self.path, _METADATA)) as file:
                return json.load(file)
        except OSError:
            return {}

    def set_metadata(self, metadata):
        with open(os.path.join(self.path, _METADATA), "w") as file:
            json.dump(metadata, file)

    def update_metadata(self, metadata):
        self.set_metadata(dict(self.get_metadata(), **metadata))


def write_state(folder, state):
    with open(os.path.join(folder, _STATE), "wb") as file:
        pickle.dump(state, file, protocol=4)


def read_state(folder):
    with open(os.path.join(folder, _STATE), "rb") as file:
        return pickle.load(file)


def has_state(folder):
    return os.path.exists(os.path.join(folder, _STATE))


def flush_files(folder):
    """Makes sure that the files of the folder are on the disk. Returns their size in bytes."""
    paths, size = [], 0
    for parent, _, names in os.walk(folder):
        files = [os.path.join(parent, name) for name in names]
        paths += [*files, parent]
        size += sum(map(os.path.getsize, files))
    _flush_together(paths)
    return size


def _flush_together(paths):
    """The disk writes in one go what several wait for: two files took half the time that one after the other takes."""
    paths, errors = list(paths), []

    def flush():
        # An empty list ends it; pop() is atomic.
        with contextlib.suppress(IndexError):
            while not errors:
                try:
                    _flush(paths.pop())
                except OSError as error:
                    errors.append(error)

    threads = [threading.Thread(target=flush, daemon=True) for _ in range(min(len(paths), _FLUSHERS) - 1)]
    started = []
    with contextlib.suppress(RuntimeError):  # where a process may have no more threads, this one does it all
        for thread in threads:
            thread.start()
            started.append(thread)
    flush()
    for thread in started:
        thread.join()
    if errors:
        raise errors[0]


def _flush(path):
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def copy_files(source, target):
    """Copies a file or the content of a folder into the folder `target`."""
    os.makedirs(target, exist_ok=True)
    if not os.path.isdir(source):
        shutil.copy2(source, target)
        return
    for name in os.listdir(source):
        origin = os.path.join(source, name)
        if os.path.isdir(origin):
            copy_files(origin, os.path.join(target, name))
        else:
            shutil.copy2(origin, target)
