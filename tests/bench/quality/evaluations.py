"""Evaluations that are worth keeping: a score by configuration, on the disk, shared by all processes."""
import json
import os
import pathlib
import sqlite3


class Cache:
    """Scores of one version of one task. The folder comes from the environment, because tasks are also made in the
    processes that run studies; without one, nothing is kept."""

    FOLDER = "HPOGRID_QUALITY_EVALUATIONS"

    def __init__(self, task, version):
        folder = os.environ.get(self.FOLDER)
        self.database = None
        if folder:
            pathlib.Path(folder).mkdir(parents=True, exist_ok=True)
            self.database = sqlite3.connect(f"{folder}/{task}-{version}.sqlite", timeout=120, isolation_level=None)
            self.database.execute("pragma journal_mode = wal")
            self.database.execute("pragma synchronous = normal")
            self.database.execute("create table if not exists scores (configuration text primary key, score text)")

    def get(self, configuration, compute):
        """The score, or None for a failed evaluation."""
        if self.database is None:
            return compute()
        key = json.dumps(configuration, sort_keys=True)
        row = self.database.execute("select score from scores where configuration = ?", (key,)).fetchone()
        if row:
            return json.loads(row[0])
        score = compute()
        self.database.execute("insert or ignore into scores values (?, ?)", (key, json.dumps(score)))
        return score
