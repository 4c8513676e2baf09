"""Workers of one node and their data, which is a pipe here: each reading of it has to be provided for."""
import os
import pathlib
import signal
import sys
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "support"))
import engine  # noqa: E402
import native_study  # noqa: E402
import process_table  # noqa: E402

EVENTS = "x,y,label\n" + "".join(f"{row % 7},{row % 11},{row % 2}\n" for row in range(600))


class NodeTestCase(native_study.NativeStudyTestCase):
    def setUp(self):
        super().setUp()
        self.pipe = self.folder / "events.csv"
        os.mkfifo(self.pipe)
        self.project["model_config"]["param"] = {"data": self.pipe.name, "epochs": 2}
        self.project["search_space"] = {"lr": {"method": "loguniform", "dimension": {"low": 0.001, "high": 0.1}}}
        self.project["hpo_config"].update(num_trials=12, slots_per_gpu=2, scheduler=None, scheduler_param={}, stop={},
                                          metric="loss", mode="min", extra_metrics=[])

    def start(self, ranks):
        """A study whose workers wait for provide(): rank 0 reads nothing."""
        process = engine.start(self.arguments(), ranks=ranks, cwd=self.folder, HPOGRID_DATA_DIR=str(self.folder),
                               HPOGRID_MPI_TIMEOUT="3")
        self.addCleanup(self.end, process)
        engine.wait_until((self.folder / "results.journal").exists, what="the journal of a checked study")
        return process

    def begin_to_write(self, process):
        """A descriptor of the pipe, as soon as somebody wants to read it."""
        def opened():
            try:
                return os.open(self.pipe, os.O_WRONLY | os.O_NONBLOCK)
            except OSError:
                return self.nothing_yet(process)
        return engine.wait_until(opened, timeout=60, what="a reader of the data")

    def write(self, descriptor, process):
        """The data for who reads now, or comes later."""
        def written():
            try:
                return os.write(descriptor, EVENTS.encode())
            except BrokenPipeError:
                return self.nothing_yet(process)
        self.assertEqual(engine.wait_until(written, timeout=60, what="a reader of the data"), len(EVENTS))
        os.close(descriptor)

    def nothing_yet(self, process):
        self.assertIsNone(process.poll(), "the study ended before its data were read")

    def provide(self, process):
        self.write(self.begin_to_write(process), process)

    def end(self, process):
        if process.poll() is None:
            os.killpg(process.pid, signal.SIGKILL)
        process.communicate()

    def results_of(self, process):
        output, _ = process.communicate(timeout=60)
        self.assertEqual(process.returncode, 0, output)
        return self.read_results()


class WorkersOfANode(NodeTestCase):
    def test_train_on_what_one_of_them_has_read(self):
        process = self.start(ranks=4)
        self.provide(process)
        content = self.results_of(process)
        self.assertEqual(content["trials/state"], ["completed"] * 12)
        self.assertEqual(set(content["trials/worker"]), {1, 2, 3})

    def test_read_for_themselves_when_the_one_that_reads_is_killed(self):
        process = self.start(ranks=3)
        reader = engine.rank_processes(process.pid)[1]
        descriptor = self.begin_to_write(process)
        os.kill(reader, signal.SIGKILL)
        engine.wait_until(lambda: reader not in process_table.folders(), what="the end of the one that reads")
        self.write(descriptor, process)
        content = self.results_of(process)
        self.assertEqual(content["trials/state"], ["completed"] * 12)
        self.assertEqual(set(content["trials/worker"]), {2})


if __name__ == "__main__":
    unittest.main()
