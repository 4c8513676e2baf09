"""Append-only JSON lines that survive being killed at any point, and several writers at once."""
import fcntl
import json
import os
import pathlib


class JsonLines:
    """One file of records. A record counts when its whole line is there; a torn line is ended by the next writer, and
    skipped by readers."""

    def __init__(self, path):
        self.path = pathlib.Path(path)

    def append(self, record):
        """On the disk when this returns."""
        self.path.parent.mkdir(parents=True, exist_ok=True)
        line = json.dumps(record, separators=(",", ":"), allow_nan=False).encode() + b"\n"
        with open(self.path, "a+b") as file:
            fcntl.flock(file, fcntl.LOCK_EX)
            end = file.seek(0, os.SEEK_END)
            if end:
                file.seek(end - 1)
                if file.read(1) != b"\n":
                    line = b"\n" + line
            file.write(line)
            file.flush()
            os.fsync(file.fileno())

    def records(self):
        if not self.path.exists():
            return
        with open(self.path, "rb") as file:
            for line in file:
                if not line.endswith(b"\n"):
                    return
                try:
                    yield json.loads(line)
                except ValueError:
                    continue


class Store:
    """Finished runs, one file an optimiser. What was stored under another version of the task or of the optimiser
    stays, and is not used."""

    def __init__(self, folder):
        self.folder = pathlib.Path(folder)

    def add(self, record):
        self.file_of(record["optimizer"]).append(record)

    def file_of(self, optimizer):
        safe = "".join(c if c.isalnum() or c in "-_.=" else "_" for c in optimizer)
        return JsonLines(self.folder / "runs" / f"{safe}.jsonl")

    def runs(self, optimizer):
        """All records of this optimiser, the latest last."""
        return [record for record in self.file_of(optimizer).records() if record["optimizer"] == optimizer]

    def all_runs(self):
        for path in sorted((self.folder / "runs").glob("*.jsonl")):
            yield from JsonLines(path).records()


def find(records, task, task_version, optimizer_version, workers, seed, trials, knows_budget):
    """The latest run that answers the question, or None. A longer one does where the optimiser does not know its
    budget: see simulation.py."""
    found = None
    for record in records:
        if (record["task"], record["workers"], record["seed"]) != (task, workers, seed):
            continue
        if (record["task_version"], record["optimizer_version"]) != (task_version, optimizer_version):
            continue
        if record["trials"] == trials or record["trials"] > trials and not knows_budget:
            found = record
    return found
