"""The examples of the original's manual run as they are written: typed into a shell, submitted through the real prun."""
import os
import pathlib
import shutil
import subprocess
import sys
import unittest

import h5py

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "support"))
import panda_client  # noqa: E402
from hpogrid import HPOGRID, HpogridTestCase, ROOT  # noqa: E402
from panda_server import PandaServer  # noqa: E402

COMMANDS = pathlib.Path(__file__).resolve().parent / "original_commands.txt"


def setUpModule():
    panda_client.install()


def example(number):
    text = COMMANDS.read_text().split(f"## {number}\n")[1].split("## ")[0]
    return text.strip().splitlines()


class OriginalExamples(HpogridTestCase):
    def setUp(self):
        super().setUp()
        self.server = PandaServer()
        self.addCleanup(self.server.close)
        self.environment.update(panda_client.environment(self.base), **self.server.environment)
        for name in ("PYTHONPATH", "PYTHONHOME"):
            self.environment.pop(name, None)
        self.environment["PATH"] = f"{pathlib.Path(shutil.which(HPOGRID)).parent}:{self.environment['PATH']}"
        scripts = self.base / "example/scripts"
        scripts.mkdir(parents=True)
        for project in ("simple_objective", "simple_trainable", "mnist_cnn"):
            for script in (ROOT / "configs" / project / "scripts").glob("*.py"):
                shutil.copy(script, scripts)

    def type_in(self, commands):
        for command in commands:
            done = subprocess.run(["bash", "-c", command], cwd=self.base, env=self.environment, capture_output=True,
                                  text=True, timeout=120)
            self.assertEqual(done.returncode, 0, f"{command}\n{done.stdout}{done.stderr}")

    def run_here(self, project, trials):
        self.hpogrid("local_run", project, "-o", "here.h5", "--", "--trials", str(trials), "--progress", "none")
        with h5py.File(self.base / "here.h5") as results:
            self.assertEqual(sum(state in (b"completed", b"stopped") for state in results["trials/state"][:]), trials)

    def test_the_first_optimises_a_function(self):
        self.type_in(example(1))
        (task,) = self.server.tasks.values()
        self.assertEqual((task["nEvents"], task["site"]), (3, "ANALY_MANC_GPU_TEST"))
        self.run_here("simple_objective", 200)

    def test_the_second_optimises_a_class(self):
        self.type_in([*[line for line in example(1) if "grid_config create" in line], *example(2)])
        (task,) = self.server.tasks.values()
        self.assertEqual(task["nEvents"], 3)
        self.run_here("simple_trainable", 20)

    def test_the_third_optimises_a_network(self):
        # Its last line submits the project of the second example, as it is printed in the manual.
        self.type_in([*[line for line in example(1) if "grid_config create" in line], *example(3)[:-1]])
        self.run_here("mnist_cnn", 3)
        self.type_in([*example(2), example(3)[-1]])
        self.assertEqual(len(self.server.tasks), 2)


if __name__ == "__main__":
    unittest.main()
