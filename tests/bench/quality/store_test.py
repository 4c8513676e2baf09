import json
import os
import pathlib
import signal
import subprocess
import sys
import tempfile
import time
import unittest

from quality.store import JsonLines, Store, find

WRITER = """
import sys
from quality.store import JsonLines
lines, number = JsonLines(sys.argv[1]), 0
while True:
    lines.append({"writer": sys.argv[2], "number": number, "ballast": "x" * 5000})
    number += 1
"""


class Lines(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.lines = JsonLines(pathlib.Path(folder.name) / "sub" / "runs.jsonl")

    def test_there_is_nothing_in_a_file_that_is_not_there(self):
        self.assertEqual(list(self.lines.records()), [])

    def test_a_torn_line_is_skipped_and_what_follows_it_is_whole(self):
        self.lines.append({"a": 1})
        self.lines.append({"b": 2})
        os.truncate(self.lines.path, self.lines.path.stat().st_size - 3)
        self.assertEqual(list(self.lines.records()), [{"a": 1}])
        self.lines.append({"c": 3})
        self.assertEqual(list(self.lines.records()), [{"a": 1}, {"c": 3}])

    def test_several_writers_that_are_killed_lose_nothing_that_was_whole(self):
        environment = {**os.environ, "PYTHONPATH": str(pathlib.Path(__file__).resolve().parent.parent)}
        writers = [subprocess.Popen([sys.executable, "-c", WRITER, self.lines.path, str(i)], env=environment)
                   for i in range(2)]
        until = time.monotonic() + 30
        while len({record["writer"] for record in self.lines.records()}) < 2 and time.monotonic() < until:
            time.sleep(0.05)
        for writer in writers:
            writer.send_signal(signal.SIGKILL)
            writer.wait()
        self.lines.append({"writer": "last", "number": 0})
        records = list(self.lines.records())
        self.assertEqual(records[-1]["writer"], "last")
        for i in "01":
            numbers = [record["number"] for record in records if record["writer"] == i]
            self.assertEqual(numbers, list(range(len(numbers))))
            self.assertGreater(len(numbers), 0)


def record(**changes):
    return {"optimizer": "random", "task": "t", "workers": 1, "seed": 3, "trials": 100, "task_version": "v",
            "optimizer_version": "o", **changes}


class Finding(unittest.TestCase):
    QUESTION = {"task": "t", "task_version": "v", "optimizer_version": "o", "workers": 1, "seed": 3}

    def test_the_beginning_of_a_longer_run_serves_unless_the_budget_is_known(self):
        records = [record(trials=100)]
        self.assertEqual(find(records, **self.QUESTION, trials=50, knows_budget=False), records[0])
        self.assertIsNone(find(records, **self.QUESTION, trials=50, knows_budget=True))
        self.assertIsNone(find(records, **self.QUESTION, trials=200, knows_budget=False))

    def test_runs_of_another_version_or_place_do_not_serve(self):
        for changes in ({"task_version": "w"}, {"optimizer_version": "p"}, {"workers": 8}, {"seed": 4}, {"task": "u"}):
            self.assertIsNone(find([record(**changes)], **self.QUESTION, trials=100, knows_budget=False), changes)

    def test_each_optimizer_has_its_own_runs(self):
        with tempfile.TemporaryDirectory() as folder:
            store = Store(folder)
            first, second = record(optimizer='auto{"a":1}'), record(optimizer='auto{"a";1}')
            store.add(first)
            store.add(second)  # the same file name
            self.assertEqual(store.runs('auto{"a":1}'), [first])
            self.assertEqual(store.runs('auto{"a";1}'), [second])
            self.assertEqual(list(store.all_runs()), [first, second])
            self.assertEqual(json.loads(store.file_of(first["optimizer"]).path.read_text().splitlines()[0]), first)


if __name__ == "__main__":
    unittest.main()
