"""The options of hpogrid run and submit, as a dry run shows them, and those of local_run."""
import json
import pathlib
import sys
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[2] / "support"))
from hpogrid import HpogridTestCase  # noqa: E402
from option_proof import proves  # noqa: E402

BOTH = ("run", "submit")


class Submitting(HpogridTestCase):
    def setUp(self):
        super().setUp()
        self.environment["RUCIO_ACCOUNT"] = "tester"
        self.create_project()

    def shown(self, *options):
        """{command: what its dry run shows}"""
        return {command: self.hpogrid(command, "simple", "--dry-run", *options) for command in BOTH}

    @proves("{run,submit}", "--n_jobs=/-n", "--site=/-s", "--time=/-t", "--seed=")
    def test_jobs_sites_time_and_seed_are_in_the_script_and_in_the_command(self):
        shown = self.shown("--n_jobs", "3", "-s", "A_GPU", "B_GPU", "--time", "3600", "--seed", "100")
        for command, text in shown.items():
            with self.subTest(command):
                for expected in ("--nJobs=3", "--site=A_GPU,B_GPU", "\nwall_time='3600'", "\nfirst_seed='100'",
                                 "\njobs='3'"):
                    self.assertIn(expected, text)

    @proves("{run,submit}", "--search_points=/-p")
    def test_points_to_begin_with_go_into_the_package(self):
        (self.base / "points.json").write_text(json.dumps([{"height": 1.5, "width": 2.5}]))
        for command, text in self.shown("-p", "points.json").items():
            with self.subTest(command):
                self.assertIn("'--search-points' 'hpogrid/search_points.json'", text)
                package = text.partition("# The job package is ")[2].partition(";")[0]
                points = pathlib.Path(package, "hpogrid/search_points.json").read_text()
                self.assertEqual(json.loads(points), [{"height": 1.5, "width": 2.5}])

    @proves("{run,submit}", "--nodes=")
    def test_a_slurm_job_has_as_many_nodes_as_wanted(self):
        for command, text in self.shown("--backend", "slurm", "--nodes", "2").items():
            with self.subTest(command):
                self.assertIn("--nodes=2", text)

    @proves("{run,submit}", "--dry-run")
    def test_a_dry_run_needs_no_client(self):
        for command, text in self.shown().items():
            with self.subTest(command):
                self.assertIn("It would be submitted there with:\nprun ", text)

    @proves("{run,submit}", "--backend=")
    def test_the_local_backend_is_the_engine_here(self):
        for command, text in self.shown("--backend", "local").items():
            with self.subTest(command):
                self.assertIn("Five sampled points", text)


class LocalRunning(HpogridTestCase):
    @proves("local_run", "--ranks=")
    def test_there_are_as_many_ranks_as_wanted(self):
        self.create_project()
        done = self.run_hpogrid("local_run", "simple", "--ranks", "4", "--", "--log-level", "debug")
        self.assertIn("rank 3 on ", done.stderr)


if __name__ == "__main__":
    unittest.main()
