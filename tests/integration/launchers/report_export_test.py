"""hpogrid report --to_png, --to_pdf and --to_mlflow, with the real matplotlib and the real MLflow."""
import importlib.util
import json
import os
import pathlib
import re
import struct
import subprocess
import sys
import unittest
import zlib

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[2] / "support"))
import pypi  # noqa: E402
from hpogrid import HpogridTestCase  # noqa: E402
from made_up_results import write_results  # noqa: E402
from option_proof import proves  # noqa: E402

PICTURES = pathlib.Path(os.environ["HPOGRID_PICTURES"])
MLFLOW = pathlib.Path(os.environ["HPOGRID_MLFLOW"])
HAS_MATPLOTLIB = importlib.util.find_spec("matplotlib") is not None


def png_size(file):
    """Width and height, of a picture that is whole."""
    content = file.read_bytes()
    assert content.startswith(b"\x89PNG\r\n\x1a\n") and content.endswith(b"IEND\xaeB\x60\x82"), file
    return struct.unpack(">II", content[16:24])


def pdf_texts(file):
    """All page content of a PDF, unpacked."""
    content = file.read_bytes()
    assert content.startswith(b"%PDF-") and content.rstrip().endswith(b"%%EOF"), file
    unpacked = []
    for stream in re.findall(rb"stream\r?\n(.*?)endstream", content, re.DOTALL):
        try:
            unpacked.append(zlib.decompress(stream))
        except zlib.error:
            continue
    return b"\n".join(unpacked)


def polylines(content, points):
    """Those of so many points whose x grow by the same step."""
    found = []
    for path in re.findall(rb"(?:[-.\d]+ [-.\d]+ [ml]\n)+", content):
        xs = [float(point.split()[0]) for point in path.splitlines()]
        steps = [b - a for a, b in zip(xs, xs[1:])]
        if len(xs) == points and min(steps) > 1 and max(steps) - min(steps) < .01:
            found.append(xs)
    return found


class Exports(HpogridTestCase):
    def setUp(self):
        super().setUp()
        self.params, self.score = write_results(self.base / "results.h5", 60, 4, project="moons")

    def report(self, *options, **settings):
        return self.hpogrid("report", "results.h5", *options, **settings)


@unittest.skipUnless(HAS_MATPLOTLIB, "this Python has no matplotlib")
class Figures(Exports):
    @proves("report", "--to_png")
    def test_a_png_of_each_figure_is_wide_enough_for_print(self):
        output = self.report("--to_png", "-o", "mine")
        for name in ("mine_pcp.png", "mine_history.png"):
            self.assertIn(f"Wrote {name}\n", output)
            self.assertGreater(png_size(self.base / name)[0], 900)
        self.assertEqual({file.name for file in self.base.iterdir()}, {"mine_history.png", "mine_pcp.png", "results.h5"})
        PICTURES.mkdir(parents=True, exist_ok=True)
        for name in ("mine_pcp.png", "mine_history.png"):
            (PICTURES / name).write_bytes((self.base / name).read_bytes())

    @proves("report", "--to_pdf")
    def test_a_pdf_has_every_trial_as_a_line_and_the_same_bytes_each_time(self):
        self.report("--to_pdf")
        across = polylines(pdf_texts(self.base / "hpo_result_pcp.pdf"), points=6)
        self.assertEqual(len(across), 60)
        first = [(self.base / f"hpo_result_{name}.pdf").read_bytes() for name in ("pcp", "history")]
        self.report("--to_pdf")
        self.assertEqual(first, [(self.base / f"hpo_result_{name}.pdf").read_bytes() for name in ("pcp", "history")])

    def test_names_that_look_like_formulas_are_drawn_as_they_are(self):
        names = {"lr": "$(touch run)$", "momentum": "a_{b}^$\\frac", "layers": "é\u202e"}
        write_results(self.base / "results.h5", 20, 1, names=names)
        self.report("--to_png", "--to_pdf")
        self.assertFalse((self.base / "run").exists())

    def test_one_trial_and_ten_thousand_can_be_drawn(self):
        for trials, most_bytes in ((1, 200_000), (10_000, 2_000_000)):
            write_results(self.base / "results.h5", trials, 1)
            self.report("--to_pdf")
            self.assertLess((self.base / "hpo_result_pcp.pdf").stat().st_size, most_bytes)

    def test_without_a_trial_there_is_nothing_to_draw(self):
        self.assertIn("no successful trial to draw", self.refusal("report", "results.h5", "--min", "9", "--to_png"))

    def test_a_figure_that_cannot_be_written_ends_with_status_4_and_names_it(self):
        message = self.refusal("report", "results.h5", "--to_png", "-o", "none/x", status=4)
        self.assertIn("none/x_pcp.png: cannot be written", message)


class MissingPackages(Exports):
    def test_an_interpreter_without_the_package_is_named_with_what_to_do(self):
        python = self.base / "python"
        python.write_text(f"#!/bin/sh\nexec {sys.executable} -S \"$@\"\n")
        python.chmod(0o755)
        for option, package in (("--to_png", "matplotlib"), ("--to_pdf", "matplotlib"), ("--to_mlflow", "MLflow")):
            message = self.refusal("report", "results.h5", option, HPOGRID_PYTHON=str(python), PYTHONPATH="")
            self.assertIn(f"need {package}" if package == "matplotlib" else f"needs {package}", message)
            self.assertIn("HPOGRID_PYTHON", message)

    def test_an_interpreter_that_is_not_there_is_named(self):
        message = self.refusal("report", "results.h5", "--to_png", HPOGRID_PYTHON="/none")
        self.assertIn("/none: cannot be started", message)

    def test_a_file_of_the_current_folder_does_not_stand_in_for_a_module(self):
        for module in ("matplotlib", "mlflow", "json", "hashlib"):
            (self.base / f"{module}.py").write_text("open('run', 'w')\n")
        for option in ("--to_png", "--to_mlflow"):
            self.run_hpogrid("report", "results.h5", option)
        self.assertFalse((self.base / "run").exists())


class Mlflow(Exports):
    # Its default store is a database, for which the skinny package lacks these two.
    PACKAGES = ("mlflow-skinny>=3,<4", "sqlalchemy", "alembic")

    def setUp(self):
        pypi.install(MLFLOW, *self.PACKAGES)
        super().setUp()
        self.environment.update(HPOGRID_PYTHON=str(MLFLOW / "bin/python"),
                                MLFLOW_TRACKING_URI=f"sqlite:///{self.base}/mlflow.db")
        for name in ("PYTHONPATH", "PYTHONHOME"):
            self.environment.pop(name, None)

    def runs(self):
        """Every run of experiment 'moons', best first, read by MLflow itself."""
        script = """if True:
            import json, mlflow
            client = mlflow.MlflowClient()
            experiment = client.get_experiment_by_name("moons").experiment_id
            runs = client.search_runs([experiment], order_by=["metrics.accuracy DESC"], max_results=1000)
            def steps(run):
                return [each.step for each in client.get_metric_history(run.info.run_id, "accuracy_history")]
            print(json.dumps([{"params": run.data.params, "metrics": run.data.metrics, "tags": run.data.tags,
                               "status": run.info.status, "steps": steps(run),
                               "seconds": (run.info.end_time - run.info.start_time) / 1000} for run in runs]))
        """
        done = subprocess.run([MLFLOW / "bin/python", "-c", script], capture_output=True, text=True,
                              env=self.environment, cwd=self.base)
        self.assertEqual(done.returncode, 0, done.stderr)
        return json.loads(done.stdout)

    @proves("report", "--to_mlflow")
    def test_each_trial_is_a_run_with_its_hyperparameters_score_and_curve(self):
        self.assertIn("has got 60 runs, 0 were there already", self.report("--to_mlflow"))
        runs = self.runs()
        best = max(range(60), key=lambda i: self.score[i])
        self.assertEqual([run["metrics"]["accuracy"] for run in runs], sorted(self.score, reverse=True))
        self.assertEqual({name: runs[0]["params"][name] for name in ("layers", "optimizer")},
                         {"layers": str(self.params["layers"][best]), "optimizer": self.params["optimizer"][best]})
        self.assertEqual(float(runs[0]["params"]["lr"]), self.params["lr"][best])
        self.assertEqual((runs[0]["status"], runs[0]["seconds"]), ("FINISHED", 10.0))
        self.assertEqual(runs[0]["tags"]["mlflow.runName"], f"job 0 trial {best}")
        self.assertEqual(runs[0]["steps"], [1, 2, 3, 4])

    def use_files(self):
        """The store of earlier releases, which is there at once."""
        self.environment.update(MLFLOW_TRACKING_URI=f"{self.base}/mlruns", MLFLOW_ALLOW_FILE_STORE="true")

    def test_what_is_there_already_is_not_logged_again(self):
        self.use_files()
        self.report("--to_mlflow")
        write_results(self.base / "other.h5", 5, 1, seed=2, project="moons")
        self.assertIn("has got 5 runs, 60 were there already",
                      self.hpogrid("report", "results.h5", "other.h5", "--to_mlflow"))
        self.assertEqual(len(self.runs()), 65)

    def test_what_mlflow_refuses_is_told_in_one_line(self):
        self.use_files()
        write_results(self.base / "results.h5", 3, 1, project="moons", names={"lr": "learning;rate"})
        self.assertRegex(self.refusal("report", "results.h5", "--to_mlflow"), r"^hpogrid: MLflow: .*learning;rate")


if __name__ == "__main__":
    unittest.main()
