"""Scripts that misbehave: the trial fails with a reason, the next one runs, nothing stays behind."""
import os
import pathlib
import subprocess
import sys
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[2] / "support"))
import engine  # noqa: E402
import process_table  # noqa: E402

# n decides: 1 misbehaves, every other value works. Points 1, 2 in turn.
SCRIPT = """
import ctypes, os, signal, subprocess, sys, threading, time

def misbehave(reporter):
{body}

def objective(config, reporter):
    if config["n"] == 1:
        return misbehave(reporter)
    reporter(loss=config["x"])
"""


def limited_memory(limit):
    """A new memory control group below our own, version 1 or 2; none where that is not allowed."""
    for line in pathlib.Path("/proc/self/cgroup").read_text().splitlines():
        _, controllers, own = line.split(":", 2)
        root = {"memory": "/sys/fs/cgroup/memory", "": "/sys/fs/cgroup"}.get(controllers)
        if root is None:
            continue
        group = pathlib.Path(root + own) / f"hpogrid-test-{os.getpid()}"
        try:
            group.mkdir()
            (group / ("memory.limit_in_bytes" if controllers else "memory.max")).write_text(str(limit))
            return group
        except OSError:
            if group.is_dir():
                group.rmdir()
    return None


def remove_group(group):
    try:
        group.rmdir()
    except OSError:
        return False
    return True


class MisbehavingScripts(engine.EngineTestCase):
    def check(self, body, state, *fragments, options=(), **extra):
        indented = "\n".join("    " + line for line in body.strip().splitlines())
        points = self.folder / "points.json"
        points.write_text('[{"x": 0.1, "n": 2}, {"x": 0.2, "n": 1}, {"x": 0.3, "n": 2}, {"x": 0.4, "n": 2}]')
        project = self.write_project(SCRIPT.format(body=indented), hpo_config={"num_trials": 4})
        self.assert_succeeds([project, "-o", self.results, "--search-points", points, *options], ranks=2, **extra)
        content = self.read_results()
        self.assertEqual(content["trials/state"], ["completed", state, "completed", "completed"],
                         content["trials/error"])
        for fragment in fragments:
            self.assertIn(fragment, content["trials/error"][1])
        self.assertEqual(content["best_trial"], 0)
        return content

    def test_it_raises(self):
        self.check("raise ValueError('bad luck')", "failed", "ValueError", "bad luck", "script.py")

    def test_it_exits(self):
        self.check("sys.exit(3)", "failed", "3")

    def test_it_exits_at_once(self):
        self.check("os._exit(4)", "failed", "4")

    def test_it_crashes(self):
        self.check("ctypes.string_at(0)", "failed", "SIGSEGV")

    def test_it_is_killed(self):
        self.check("os.kill(os.getpid(), signal.SIGKILL)", "failed", "SIGKILL")

    def test_it_reports_nothing(self):
        self.check("return None", "failed", "neither reported nor returned")

    def test_it_reports_another_metric(self):
        self.check("reporter(accuracy=0.5)", "failed", "loss", "accuracy")

    def test_it_reports_nan(self):
        self.check("reporter(loss=float('nan'))", "failed", "nan")

    def test_it_reports_text(self):
        self.check("reporter(loss='small')", "failed", "small")

    def test_it_hangs(self):
        self.check("time.sleep(1000)", "timeout", options=("--trial-timeout", "2"))

    def test_it_hangs_and_ignores_sigterm(self):
        self.check("signal.signal(signal.SIGTERM, signal.SIG_IGN)\nwhile True:\n    time.sleep(1000)", "timeout",
                   options=("--trial-timeout", "1"))

    def test_it_runs_out_of_memory(self):
        self.check("raise MemoryError()", "oom")

    def test_it_allocates_until_it_is_refused(self):
        self.check("import resource\nresource.setrlimit(resource.RLIMIT_AS, (2**30, 2**30))\n"
                   "blocks = []\nwhile True:\n    blocks.append(bytearray(2**26))", "oom")

    def test_it_allocates_until_the_kernel_kills_it(self):
        group = limited_memory(600 * 2**20)
        if group is None:
            self.skipTest("no memory control group can be made here")
        # What ran in it may be on its way out still.
        self.addCleanup(engine.wait_until, lambda: remove_group(group), what="the end of all processes in the group")
        # Memory counts when it is written to.
        self.check("blocks = []\nwhile True:\n    blocks.append(b'x' * 2**26)", "oom", "killed by the kernel",
                   within=group)

    def test_it_leaves_grandchildren(self):
        marker = "hpogrid-grandchild-7351"
        self.check("for detach in (False, True):\n"
                   f"    subprocess.Popen(['sh', '-c', 'sleep 600; : {marker}'], start_new_session=detach)\n"
                   "raise RuntimeError('left them')", "failed", "left them")
        self.assertFalse(any(marker in process_table.command_line(process) for process in process_table.folders()))

    def test_it_prints_a_gigabyte(self):
        content = self.check("line = 'x' * 2**20\nfor i in range(1024):\n    print(line)\nreporter(loss=0.9)", "completed")
        log = pathlib.Path(content["trials/log"][1])
        self.assertLess(log.stat().st_size, 20 * 2**20)
        self.assertGreater(log.stat().st_size, 2**20)

    def test_it_fails_once_and_is_tried_again(self):
        body = (f"path = {str(self.folder / 'tried')!r}\n"
                "if not os.path.exists(path):\n    open(path, 'w').close()\n    raise OSError('first time')\n"
                "reporter(loss=0.9)")
        content = self.check(body, "completed", options=("--retries", "1"))
        self.assertEqual(content["trials/attempt"], [1, 2, 1, 1])

    def test_it_cannot_be_imported(self):
        project = self.write_project("import no_such_module_anywhere as objective\n", hpo_config={"num_trials": 3})
        status, output = engine.run([project, "-o", self.results], ranks=2, cwd=self.folder)
        self.assertEqual(status, 2, output)
        self.assertIn("no_such_module_anywhere", output)
        # Nothing was started, so the same command starts the study once the script is mended.
        self.assertEqual([path.name for path in self.folder.glob("results*")], [])

    def test_it_hangs_while_it_is_imported(self):
        project = self.write_project("import time\nprint('loading', flush=True)\ntime.sleep(1000)\nobjective = print\n",
                                     hpo_config={"num_trials": 3})
        status, output = engine.run([project, "-o", self.results, "--trial-timeout", "2"], ranks=2, cwd=self.folder)
        self.assertEqual(status, 2, output)
        self.assertIn("the import of", output)
        self.assertIn("longer than 2 s", output)
        self.assertIn("loading", output)

    def test_a_worker_that_cannot_import_it_spoils_no_trial(self):
        # It fails where it comes first, as on a node that lacks what the others have.
        project = self.write_project(f"""
import os
try:
    os.close(os.open({str(self.folder / "first")!r}, os.O_CREAT | os.O_EXCL))
except FileExistsError:
    pass
else:
    import no_such_module_anywhere

def objective(config, reporter):
    reporter(loss=config["x"])
""", hpo_config={"num_trials": 3})
        output = self.assert_succeeds([project, "-o", self.results], ranks=3)
        self.assertEqual(self.read_results()["trials/state"], ["completed"] * 3)
        self.assertIn("no_such_module_anywhere", output)

    def test_a_plugin_that_cannot_be_loaded_is_status_2(self):
        (self.folder / "broken.so").write_bytes(b"\x7fELF hpogrid_plugin_broken\0")
        project = self.write_project("", model_config={"script": "broken.so", "model": "broken"})
        status, output = engine.run([project, "-o", self.results], ranks=2, cwd=self.folder)
        self.assertEqual(status, 2, output)
        self.assertIn("broken.so", output)


class BrokenOutput(engine.EngineTestCase):
    def test_a_read_only_folder_is_status_4_before_any_trial(self):
        project = self.write_project("def objective(config, reporter):\n    reporter(loss=1)\n")
        folder = pathlib.Path("/proc/sys")
        status, output = engine.run([project, "-o", folder / "results.h5"], ranks=2, cwd=self.folder)
        self.assertEqual(status, 4, output)
        self.assertIn("/proc/sys", output)

    def test_a_full_disk_is_status_4(self):
        disk = self.folder / "disk"
        disk.mkdir()
        mounted = subprocess.run(["mount", "-t", "tmpfs", "-o", "size=2m", "none", disk], capture_output=True, text=True)
        if mounted.returncode != 0:
            self.skipTest(f"no tmpfs can be mounted here: {mounted.stderr.strip()}")
        self.addCleanup(subprocess.run, ["umount", "-l", disk], check=False)
        project = self.write_project("def objective(config, reporter):\n    reporter(loss=1)\n",
                                     hpo_config={"num_trials": 100000})
        status, output = engine.run([project, "-o", disk / "results.h5"], ranks=2, cwd=self.folder, timeout=200)
        self.assertEqual(status, 4, output)
        self.assertIn("No space left", output)


if __name__ == "__main__":
    unittest.main(verbosity=2)
