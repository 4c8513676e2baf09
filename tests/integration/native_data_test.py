"""What is wrong with data is told before anything is trained, and their rows are read by one worker of the node alone."""
import pathlib
import sys
import time
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "support"))
import engine  # noqa: E402
import native_study  # noqa: E402
import process_table  # noqa: E402


class BadRows(native_study.NativeStudyTestCase):
    """Seen by the workers. Rank 0 tells of it in one sentence, and leaves no study that would be in the way."""

    def change(self, column, change, files=("train.h5",)):
        import h5py
        for name in files:
            with h5py.File(self.folder / name, "r+") as file:
                values = file[column][:]
                change(values)
                file[column][:] = values

    def assert_data_refused(self, *words):
        for ranks in (1, 4):
            self.assert_refused(*words, ranks=ranks)
            self.assertEqual(list(self.folder.glob("results*")), [])

    def test_a_value_that_is_no_number_is_refused(self):
        def spoil(values):
            values[values.argmax()] = float("nan")
        self.change("pt_1", spoil)
        del self.project["model_config"]["param"]["cuts"]
        self.assert_data_refused("train.h5: column 'pt_1' is nan in row", "allowed: finite numbers")

    def test_a_single_class_is_refused(self):
        self.change("label", lambda values: values.fill(0), ["validation.h5"])
        self.assert_data_refused("the validation part of fold 0 has no row of class 1", "allowed: each class")

    def test_cuts_that_leave_no_row_are_refused(self):
        self.project["model_config"]["param"]["cuts"] = {"pt_1": [1e9, None]}
        self.assert_data_refused("no row is left after the cut on 'pt_1'")

    def test_a_metric_of_two_classes_is_refused_for_three(self):
        def add_class(values):
            values[::10] = 2
        self.change("label", add_class, ["train.h5", "validation.h5"])
        self.assert_data_refused("'hpo_config.metric' is 'auc'", "does not report it for this data", "allowed: loss")

    def test_a_line_of_text_that_is_no_number_is_refused(self):
        (self.folder / "events.csv").write_text("x,label\n1,0\n2,one\n")
        self.project["model_config"]["param"] = {"data": "events.csv"}
        self.assert_data_refused("events.csv: line 3: 'label' is 'one', allowed: a number")

    def test_a_study_that_is_resumed_with_them_keeps_what_it_has(self):
        self.project["hpo_config"]["num_trials"] = 2
        self.assert_study_succeeds(ranks=2)
        self.project["model_config"]["param"]["cuts"] = {"pt_1": [1e9, None]}
        self.assert_refused("no row is left", arguments=["--resume", "--trials", "3"], ranks=3)
        self.assert_refused("no row is left", arguments=["--overwrite"], ranks=3)
        del self.project["model_config"]["param"]["cuts"]
        content = self.assert_study_succeeds("--resume", "--trials", "3", ranks=2)
        self.assertEqual(len(content["trials/state"]), 3)
        self.assertLessEqual(set(content["trials/state"]), {"completed", "stopped"})


class RowsOnADisk(native_study.NativeStudyTestCase):
    def test_are_read_once_and_not_by_rank_0(self):
        import h5py
        import numpy
        count, columns = 100000, 60
        data = numpy.random.default_rng(3).normal(0, 1, (count, columns)).astype("f4")
        with h5py.File(self.folder / "large.h5", "w") as file:
            file["x"] = data
            file["label"] = (data[:, 0] > 0).astype("f4")
        self.project["model_config"]["param"] = {"data": "large.h5", "epochs": 2, "hidden": 4, "layers": 1}
        self.project["search_space"] = {"lr": {"method": "loguniform", "dimension": {"low": 0.001, "high": 0.1}}}
        self.project["hpo_config"].update(scheduler=None, scheduler_param={}, stop={}, num_trials=12, slots_per_gpu=2)
        process = self.start_study(ranks=4)
        read = {}
        while process.poll() is None:
            for rank, pid in engine.rank_processes(process.pid).items():
                read[rank] = max(read.get(rank, 0), self.bytes_read(pid))
            time.sleep(0.02)
        output, _ = process.communicate()
        self.assertEqual(process.returncode, 0, output)
        self.assertEqual(set(self.read_results()["trials/worker"]), {1, 2, 3})
        whole = data.nbytes + 4 * count
        self.assertLess(read[0], whole / 4)
        self.assertGreater(sum(read.values()), whole)
        self.assertLess(sum(read.values()), 1.5 * whole)

    @staticmethod
    def bytes_read(pid):
        """By all calls so far; 0 of a process that has ended."""
        try:
            return int((process_table.folder_of(pid) / "io").read_text().split()[1])
        except (OSError, IndexError):
            return 0


if __name__ == "__main__":
    unittest.main()
