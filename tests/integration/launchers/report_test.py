"""hpogrid report over results of the real engine."""
import csv
import json
import pathlib
import sys
import unittest

import h5py

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[2] / "support"))
from hpogrid import HpogridTestCase  # noqa: E402
from option_proof import proves  # noqa: E402


class Report(HpogridTestCase):
    def setUp(self):
        super().setUp()
        self.create_project(trials=5)
        self.files = [self.base / f"runs/simple/{seed}/results.h5" for seed in (1, 2)]
        for seed, file in enumerate(self.files, start=1):
            file.parent.mkdir(parents=True)
            self.hpogrid("local_run", "simple", "--ranks", "1", "-o", file, "--", "--progress", "none", "--seed", str(seed))

    def expected(self):
        rows = []
        for file in self.files:
            with h5py.File(file) as results:
                rows += zip(results["trials/metrics/loss"][:], results["trials/params/height"][:],
                            results["trials/params/width"][:])
        return sorted(rows)

    def read_csv(self, name="hpo_result.csv"):
        with open(self.base / name, newline="") as file:
            return list(csv.DictReader(file))

    @proves("report", "--to_csv")
    def test_a_project_is_reported_with_all_its_runs_best_first(self):
        output = self.hpogrid("report", "simple", "--to_csv")
        self.assertIn("10 successful trials of 2 jobs, smallest 'loss'", output)
        found = [(float(row["loss"]), float(row["height"]), float(row["width"])) for row in self.read_csv()]
        self.assertEqual(found, self.expected())
        self.assertRegex(output.splitlines()[2], f"{self.expected()[0][0]:.6g}".replace(".", r"\."))

    def test_files_are_merged_and_counted_once(self):
        output = self.hpogrid("report", *self.files, self.files[0])
        self.assertIn("10 successful trials of 3 jobs", output)
        self.assertIn("5 trials stood in several files and count once", output)

    @proves("report", "--to_json")
    def test_metadata_of_a_job_says_the_same_as_its_results(self):
        self.hpogrid("report", self.files[0].parent / "userJobMetadata.json", "--to_json", "--outname", "metadata")
        self.hpogrid("report", self.files[0], "--to_json", "--outname", "results")
        metadata, results = (json.loads((self.base / f"{name}.json").read_text()) for name in ("metadata", "results"))
        def points(rows):
            return [{key: row[key] for key in ("height", "width", "loss")} for row in rows]
        self.assertEqual(points(metadata), points(results))

    @proves("report", "--min=", "--max=", "--extra=/-e", "--outname=/-o")
    def test_limits_extra_columns_and_the_name_of_the_output(self):
        middle = self.expected()[4][0]
        self.hpogrid("report", "simple", "--max", middle, "--extra", "site,time_s,taskid", "--to_csv", "--to_json", "-o", "mine")
        rows = self.read_csv("mine.csv")
        self.assertEqual([float(row["loss"]) for row in rows], [loss for loss, *_ in self.expected()[:5]])
        self.assertLessEqual({row["taskid"] for row in rows}, {"1", "2"})
        self.assertTrue(all(row["site"] and float(row["time_s"]) >= 0 for row in rows))
        self.assertEqual(len(json.loads((self.base / "mine.json").read_text())), 5)
        self.hpogrid("report", "simple", "--extra", "site", "time_s", "--to_csv", "-o", "spaces")
        self.assertLessEqual({"site", "time_s"}, set(self.read_csv("spaces.csv")[0]))
        self.hpogrid("report", "simple", "--min", middle, "--to_csv")
        self.assertEqual([float(row["loss"]) for row in self.read_csv()], [loss for loss, *_ in self.expected()[4:]])

    @proves("report", "--summary")
    def test_the_summary_has_every_job(self):
        self.hpogrid("report", "simple", "--summary", "-o", "s")
        summary = json.loads((self.base / "s_summary.json").read_text())
        self.assertEqual([job["seed"] for job in summary["jobs"]], [1, 2])
        self.assertEqual(min(job["best_metric_score"] for job in summary["jobs"]), self.expected()[0][0])
        self.assertEqual([len(job["result"]) for job in summary["jobs"]], [5, 5])

    def test_what_cannot_be_reported_is_named(self):
        self.assertIn("no such column", self.refusal("report", "simple", "--extra", "sites"))
        self.assertIn("did you mean 'simple'?", self.refusal("report", "smple"))
        self.assertIn("does not exist", self.refusal("report", "none.h5"))


if __name__ == "__main__":
    unittest.main()
