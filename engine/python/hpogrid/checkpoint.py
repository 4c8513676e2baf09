"""State of a training that it can continue from."""

import contextlib
import json
import os
import pickle
import shutil
import tempfile

_STATE = "hpogrid_state.pickle"
_METADATA = "hpogrid_metadata.json"


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
    size = 0
    for parent, _, names in os.walk(folder):
        for path in [os.path.join(parent, name) for name in names] + [parent]:
            descriptor = os.open(path, os.O_RDONLY)
            try:
                os.fsync(descriptor)
            finally:
                os.close(descriptor)
            size += os.path.getsize(path) if path != parent else 0
    return size


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
