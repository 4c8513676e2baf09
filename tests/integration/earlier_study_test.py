"""What a study finds where it is to write: it is refused, gone on with, or overwritten, and never lost."""
import pathlib
import signal
import sys
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "support"))
import engine  # noqa: E402

QUADRATIC = """
def objective(config, reporter):
    reporter(loss=(config["x"] - 0.25) ** 2 + config["n"])
"""

SLOW = """
import time

def objective(config, reporter):
    for step in range(600):
        reporter(loss=config["x"])
        time.sleep(0.1)
"""


class EarlierStudy(engine.EngineTestCase):
    def test_nothing_is_overwritten_without_being_asked(self):
        project = self.write_project(QUADRATIC)
        self.assert_succeeds([project, "-o", self.results])
        before = self.results.read_bytes()
        status, output = engine.run([project, "-o", self.results], cwd=self.folder)
        self.assertEqual(status, 2)
        self.assertIn("--resume", output)
        self.assertIn("--overwrite", output)
        self.assertEqual(self.results.read_bytes(), before)
        self.assert_succeeds([project, "-o", self.results, "--overwrite"])

    def test_a_study_is_not_overwritten_by_one_that_cannot_start(self):
        project = self.write_project(QUADRATIC)
        self.assert_succeeds([project, "-o", self.results])
        before = {path: path.read_bytes() for path in self.folder.rglob("*") if path.is_file()}
        broken = self.write_project("import no_such_module\n" + QUADRATIC, script_name="broken.py")
        for ranks in (1, 3):
            status, output = engine.run([broken, "-o", self.results, "--overwrite"], ranks=ranks, cwd=self.folder)
            self.assertEqual(status, 2, output)
            self.assertIn("no_such_module", output)
            changed = [path for path, content in before.items()
                       if path.is_relative_to(self.folder / "results.trials") or path.name.startswith("results.")
                       if not path.exists() or path.read_bytes() != content]
            self.assertEqual(changed, [])
        project = self.write_project(QUADRATIC)
        self.assert_succeeds([project, "-o", self.results, "--resume", "--trials", "13"])
        self.assert_succeeds([project, "-o", self.results, "--overwrite"])
        self.assertEqual(list(self.folder.glob("results.to-be*")), [])

    def test_a_study_that_runs_is_not_overwritten(self):
        project = self.write_project(SLOW)
        process = engine.start([project, "-o", self.results], cwd=self.folder)
        self.addCleanup(process.stdout.close)
        engine.wait_until(self.results.exists, what="the first results")
        status, output = engine.run([project, "-o", self.results, "--overwrite"], cwd=self.folder)
        self.assertEqual(status, 4, output)
        self.assertIn(f"another process ({process.pid}) is writing", output)
        process.send_signal(signal.SIGTERM)
        process.communicate(timeout=30)
        self.assertEqual(self.read_results()["status"], "stopped")

    def test_a_finished_study_is_extended_by_resume_with_more_trials(self):
        project = self.write_project(QUADRATIC)
        self.assert_succeeds([project, "-o", self.results])
        first = self.read_results()["trials/metrics/loss"]
        self.assert_succeeds([project, "-o", self.results, "--resume", "--trials", "20"])
        second = self.read_results()["trials/metrics/loss"]
        self.assertEqual(len(second), 20)
        self.assertEqual(second[:12], first)


if __name__ == "__main__":
    unittest.main(verbosity=2)
