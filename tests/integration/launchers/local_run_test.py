"""hpogrid local_run, and hpogrid run --backend local, with the real engine."""
import concurrent.futures
import json
import pathlib
import sys
import unittest

import h5py

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[2] / "support"))
from hpogrid import HpogridTestCase  # noqa: E402
from option_proof import proves  # noqa: E402

QUIET = ("--", "--progress", "none")


class LocalRun(HpogridTestCase):
    def runs(self):
        return sorted((self.base / "runs/simple").glob("*/results.h5"))

    def trials(self, file):
        with h5py.File(file) as results:
            return len(results["trials/id"])

    def test_a_run_leaves_its_results_in_a_folder_of_its_own(self):
        self.create_project()
        self.assertIn("6 of 6 trials succeeded", self.hpogrid("local_run", "simple", *QUIET))
        self.assertEqual([self.trials(file) for file in self.runs()], [6])

    @proves("local_run", "--resume")
    def test_resume_goes_on_with_the_last_run(self):
        self.create_project()
        self.hpogrid("local_run", "simple", *QUIET)
        self.hpogrid("local_run", "simple", "--resume", *QUIET, "--trials", "8")
        self.assertEqual([self.trials(file) for file in self.runs()], [8])

    def test_runs_of_the_same_second_have_folders_of_their_own(self):
        self.create_project()
        with concurrent.futures.ThreadPoolExecutor() as threads:
            list(threads.map(lambda _: self.hpogrid("local_run", "simple", "--ranks", "1", *QUIET), range(2)))
        self.assertEqual([self.trials(file) for file in self.runs()], [6, 6])

    def test_resume_passes_over_a_dry_run(self):
        self.create_project()
        self.hpogrid("local_run", "simple", *QUIET)
        self.hpogrid("local_run", "simple", *QUIET, "--dry-run")
        self.hpogrid("local_run", "simple", "--resume", *QUIET, "--trials", "7")
        self.assertEqual([self.trials(file) for file in self.runs()], [7])

    @proves("local_run", "--output=", "--search_points=/-p")
    def test_output_and_search_points_reach_the_engine(self):
        self.create_project()
        point = {"height": 12.5, "width": 4.5}
        (self.base / "points.json").write_text(json.dumps([point]))
        self.hpogrid("local_run", "simple", "--output", "mine.h5", "-p", "points.json", "--ranks", "1", *QUIET)
        with h5py.File(self.base / "mine.h5") as results:
            self.assertEqual({name: results[f"trials/params/{name}"][0] for name in point}, point)

    def test_the_exit_status_is_the_engines(self):
        folder = self.create_project()
        (folder / "scripts/simple_objective.py").write_text("def simple_objective(config, reporter): raise OSError\n")
        self.assertEqual(self.run_hpogrid("local_run", "simple", *QUIET).returncode, 3)
        self.assertEqual(self.run_hpogrid("local_run", "simple", *QUIET, "--trials", "0").returncode, 2)
        self.assertIn("no project in", self.refusal("local_run", "other"))

    def test_there_must_be_a_run_to_resume(self):
        self.create_project()
        self.assertIn("no run to resume", self.refusal("local_run", "simple", "--resume"))

    def test_run_with_the_local_backend_is_the_same(self):
        self.create_project()
        self.hpogrid("run", "simple", "--backend", "local", "--seed", "11", "--time", "100", *QUIET)
        with h5py.File(self.runs()[0]) as results:
            self.assertEqual(results.attrs["seed"], 11)
        self.assertIn("have no meaning", self.refusal("run", "simple", "--backend", "local", "--n_jobs", "2"))


if __name__ == "__main__":
    unittest.main()
