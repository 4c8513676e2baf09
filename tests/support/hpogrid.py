"""Runs the real hpogrid in a workspace of its own."""
import json
import os
import pathlib
import subprocess
import tempfile
import unittest

import option_proof

HPOGRID = os.environ.get("HPOGRID", "hpogrid")
ROOT = pathlib.Path(__file__).resolve().parents[2]


class HpogridTestCase(unittest.TestCase):
    """A temporary folder that is $HPOGRID_BASE_PATH."""

    def setUp(self):
        self._folder = tempfile.TemporaryDirectory(prefix="hpogrid-test-")
        self.addCleanup(self._folder.cleanup)
        self.base = pathlib.Path(self._folder.name)
        self.environment = dict(os.environ, HPOGRID_BASE_PATH=str(self.base))

    def run_hpogrid(self, *arguments, program=HPOGRID, cwd=None, timeout=120, **environment):
        arguments = option_proof.without_left_out("hpogrid", arguments)
        return subprocess.run([program, *arguments], cwd=cwd or self.base, capture_output=True, text=True,
                              timeout=timeout, stdin=subprocess.DEVNULL, env=dict(self.environment, **environment))

    def hpogrid(self, *arguments, **options):
        """Its output; it must succeed."""
        done = self.run_hpogrid(*arguments, **options)
        self.assertEqual(done.returncode, 0, done.stdout + done.stderr)
        return done.stdout

    def refusal(self, *arguments, status=2, **options):
        """Its one line of complaint; it must end with this status."""
        done = self.run_hpogrid(*arguments, **options)
        self.assertEqual(done.returncode, status, done.stdout + done.stderr)
        self.assertEqual(done.stderr.count("\n"), 1, done.stderr)
        return done.stderr

    def exported(self, kind, name):
        return json.loads(self.hpogrid(kind, "export", name))

    def create_project(self, name="simple", scripts=ROOT / "configs/simple_objective/scripts", trials=6, script=None,
                       **hpo):
        """A project with the seed's first example; `hpo`: further options of its hpo_config."""
        self.hpogrid("model_config", "create", f"{name}_model", "--script", "simple_objective.py", "--model",
                     "simple_objective")
        self.hpogrid("search_space", "create", f"{name}_space", json.dumps(
            {"height": {"method": "uniform", "dimension": {"low": -100, "high": 100}},
             "width": {"method": "uniform", "dimension": {"low": 0, "high": 20}}}))
        options = [word for key, value in hpo.items() for word in (f"--{key}", str(value))]
        self.hpogrid("hpo_config", "create", f"{name}_search", "--metric", "loss", "--mode", "min", "--trials", trials,
                     *options)
        self.hpogrid("grid_config", "create", f"{name}_grid", "--site", "ANALY_TEST")
        self.hpogrid("project", "create", name, "--scripts_path", scripts, "--model_config", f"{name}_model",
                     "--search_space", f"{name}_space", "--hpo_config", f"{name}_search", "--grid_config",
                     f"{name}_grid")
        folder = self.base / "projects" / name
        if script:
            (folder / "scripts/simple_objective.py").write_text(script)
        return folder
