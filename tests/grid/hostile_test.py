"""Hostile texts through the real prun and the job script: they reach the task and the trial as they are, or nowhere."""
import io
import json
import os
import pathlib
import subprocess
import sys
import tarfile
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "support"))
from hostile import CANARY, TEXTS, harmless  # noqa: E402
from panda_case import PandaTestCase  # noqa: E402

SCRIPT = """
import json
import hpogrid
def objective(config, reporter):
    with open(hpogrid.get_workdir() + "seen.json", "w") as file:
        json.dump(config, file)
    reporter(loss=0.0)
"""


def file_names():
    """The texts that name a file, and no hidden one."""
    names = [text if isinstance(text, bytes) else text.encode() for text in TEXTS.values()]
    return [name for name in names if name and b"/" not in name and not name.startswith(b".") and len(name) < 200]


def is_run_by_prun(name):
    return b"'" in name or b"\\" in name


class HostileSubmission(PandaTestCase):
    def create(self, **grid):
        """A project with each text as a parameter, as a category and as the name of a file."""
        texts = [text for text in TEXTS.values() if isinstance(text, str)]
        self.param = {f"p{i}": text for i, text in enumerate(texts)}
        scripts = self.base / "it's $(touch canary)" / "scripts"
        scripts.mkdir(parents=True)
        (scripts / "train.py").write_text(SCRIPT)
        for name in filter(lambda name: not is_run_by_prun(name), file_names()):
            (scripts / os.fsdecode(name)).write_text("hostile\n")
        document = {"project_name": "hostile", "scripts_path": "scripts",
                    "model_config": {"script": "train.py", "model": "objective", "param": self.param},
                    "search_space": {"x": {"method": "categorical", "dimension": {"categories": texts}}},
                    "hpo_config": {"metric": "loss", "num_trials": 2}, "grid_config": grid}
        project = scripts.parent / "project.json"
        project.write_text(json.dumps(document))
        return project

    def assert_nothing_was_run(self):
        self.assertEqual(list(self.base.rglob(CANARY)), [])

    def test_names_of_files_that_prun_would_run_are_refused(self):
        project = self.create()
        names = [name for name in file_names() if is_run_by_prun(name)]
        self.assertEqual(len(names), 2)
        for name in names:
            with self.subTest(name):
                script = project.parent / "scripts" / os.fsdecode(name)
                script.write_text("hostile\n")
                self.assertIn("cannot be submitted", self.refusal("run", project))
                script.unlink()
        self.assertEqual(self.server.calls, [])
        self.assert_nothing_was_run()

    def test_a_container_reaches_the_task_intact_or_is_refused(self):
        project = self.create()
        document = json.loads(project.read_text())
        for what, text in TEXTS.items():
            if what in ("not UTF-8", "ten thousand characters"):
                continue
            with self.subTest(what):
                project.write_text(json.dumps(dict(document, grid_config={"container": text})))
                before = len(self.server.tasks)
                done = self.run_hpogrid("run", project)
                self.assertTrue(harmless(done.stderr.replace("\n", "")) or done.returncode != 2, done.stderr)
                if done.returncode == 0:
                    self.assertEqual(self.server.tasks[max(self.server.tasks)]["container_name"], text)
                else:
                    self.assertEqual(len(self.server.tasks), before)
                self.assert_nothing_was_run()

    def test_the_job_sees_parameters_and_files_as_they_were(self):
        self.hpogrid("run", self.create())
        (sandbox,) = self.server.sandboxes.values()
        run_folder = self.base / "srv/work dir; touch canary/run"
        run_folder.mkdir(parents=True)
        with tarfile.open(fileobj=io.BytesIO(sandbox)) as archive:
            archive.extractall(run_folder)
        there = {os.fsencode(file.name) for file in (run_folder / "hpogrid/project/scripts").iterdir()}
        self.assertEqual(there, {b"train.py", *(name for name in file_names() if not is_run_by_prun(name))})
        environment = {"PATH": f"/bin:/usr/bin:{pathlib.Path(os.environ['HPOGRID_ENGINE']).parent}:.", "TZ": "UTC",
                       "HPOGRID_PYTHON": os.environ["HPOGRID_PYTHON"], "HPOGRID_JOB_FOLDER": str(self.base / "srv"),
                       "PandaID": "$(touch canary)", "PANDA_RESOURCE": "a'; touch canary; '"}
        done = subprocess.run(["/bin/sh", "-c", "sh hpogrid/grid-job 1"], cwd=run_folder, env=environment,
                              capture_output=True, text=True, timeout=120)
        self.assertEqual(done.returncode, 0, done.stdout + done.stderr)
        seen = json.loads((run_folder / "seen.json").read_text())
        self.assertIn(seen.pop("x"), self.param.values())
        self.assertEqual(seen, self.param)
        self.assert_nothing_was_run()


if __name__ == "__main__":
    unittest.main()
