"""The main job: the real engine, the real mpirun, real Python scripts."""
import collections
import json
import os
import pathlib
import signal
import subprocess
import sys
import time
import unittest
import unittest.mock

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "support"))
import engine  # noqa: E402

FAKE_NVML = os.environ.get("HPOGRID_FAKE_NVML")

QUADRATIC = """
def objective(config, reporter):
    reporter(loss=(config["x"] - 0.25) ** 2 + config["n"])
"""

CURVE = """
import time
from ray import tune

def objective(config):
    for epoch in range(16):
        tune.report(loss=config["x"] + 1.0 / (epoch + 1))
        time.sleep(0.01)
"""

SLOW = """
import time

def objective(config, reporter):
    for step in range(600):
        reporter(loss=config["x"])
        time.sleep(0.1)
"""


class MainJob(engine.EngineTestCase):
    def check_finished_study(self, ranks):
        project = self.write_project(QUADRATIC)
        output = self.assert_succeeds([project, "-o", self.results], ranks=ranks)
        content = self.read_results()
        self.assertEqual(content["trials/id"], list(range(12)))
        self.assertEqual(set(content["trials/state"]), {"completed"})
        losses = content["trials/metrics/loss"]
        for loss, x, n in zip(losses, content["trials/params/x"], content["trials/params/n"]):
            self.assertAlmostEqual(loss, (x - 0.25) ** 2 + n)
        self.assertEqual(content["best_trial"], losses.index(min(losses)))
        self.assertEqual(content["status"], "finished")
        self.assertIn("results.h5", output)
        return content

    def test_four_ranks_share_the_trials(self):
        content = self.check_finished_study(ranks=4)
        self.assertTrue(set(content["trials/worker"]) <= {1, 2, 3})

    def test_a_worker_without_python_leaves_the_trials_to_the_others(self):
        arguments = [engine.ENGINE, str(self.write_project(QUADRATIC)), "-o", str(self.results)]
        job = ["mpirun", "--oversubscribe", "--bind-to", "none", "-n", "2", *arguments,
               ":", "-n", "1", "-x", "HPOGRID_PYTHON=/no/such/python", *arguments]
        ended = subprocess.run(job, cwd=self.folder, capture_output=True, text=True, timeout=60,
                               env=engine.environment(OMPI_ALLOW_RUN_AS_ROOT="1", OMPI_ALLOW_RUN_AS_ROOT_CONFIRM="1"))
        self.assertEqual(ended.returncode, 0, ended.stdout + ended.stderr)
        self.assertIn("rank 2 cannot go on: HPOGRID_PYTHON is '/no/such/python'", ended.stderr)
        content = self.read_results()
        self.assertEqual(content["trials/state"], ["completed"] * 12)
        self.assertEqual(set(content["trials/worker"]), {1})

    def test_what_hinders_every_worker_is_told_once_and_as_the_reason_of_the_end(self):
        project = self.write_project("import no_such_module\n\ndef objective(config):\n    pass\n")
        status, output = engine.run([project, "-o", self.results], ranks=4, cwd=self.folder)
        self.assertEqual(status, 2, output)
        self.assertEqual(output.count("No module named 'no_such_module'"), 2, output)
        self.assertEqual(output.count("cannot go on: the same"), 2, output)

    def test_a_metric_may_have_a_slash_as_lightning_writes_them(self):
        project = self.write_project("def objective(config):\n    return {'val/loss': config['x']}\n",
                                     hpo_config={"metric": "val/loss"})
        self.assert_succeeds([project, "-o", self.results])
        content = self.read_results()
        self.assertEqual(content["trials/metrics/val%2Floss"], content["trials/params/x"])

    def test_a_world_of_one_does_both(self):
        content = self.check_finished_study(ranks=1)
        self.assertEqual(set(content["trials/worker"]), {0})

    def test_points_depend_on_the_seed_only(self):
        first = self.check_finished_study(ranks=4)["trials/params/x"]
        self.assert_succeeds([self.folder / "project.json", "-o", self.folder / "again.h5"], ranks=1)
        self.assertEqual(self.read_results(self.folder / "again.h5")["trials/params/x"], first)

    def test_pandas_reads_the_parameters(self):
        try:
            import h5py
            import pandas
        except ImportError as error:
            self.skipTest(f"pandas is not installed: {error}")
        self.check_finished_study(ranks=1)
        with h5py.File(self.results) as f:
            frame = pandas.DataFrame({k: f["trials/params"][k][:] for k in f["trials/params"]})
        self.assertEqual(frame.shape, (12, 2))

    def test_asynchyperband_stops_bad_trials_early(self):
        project = self.write_project(CURVE, hpo_config={
            "scheduler": "asynchyperband", "num_trials": 30,
            "scheduler_param": {"max_t": 16, "grace_period": 1, "reduction_factor": 4}})
        self.assert_succeeds([project, "-o", self.results], ranks=4)
        content = self.read_results()
        self.assertIn("stopped", content["trials/state"])
        self.assertIn("completed", content["trials/state"])
        stopped = [i for i, s in zip(content["trials/iterations"], content["trials/state"]) if s == "stopped"]
        self.assertTrue(all(iterations in (1, 4, 16) for iterations in stopped), stopped)
        self.assertLess(sum(content["trials/iterations"]), 30 * 16)
        self.assertEqual(len(content["reports/trial_id"]), sum(content["trials/iterations"]))

    def test_stop_conditions_end_the_training_itself_not_only_what_is_recorded(self):
        steps = self.folder / "steps"
        project = self.write_project("def objective(config, reporter):\n    while True:\n"
                                     f"        open({str(steps)!r}, 'a').write('x')\n"
                                     "        reporter(loss=config['x'])\n",
                                     hpo_config={"stop": {"training_iteration": 3}, "num_trials": 4})
        self.assert_succeeds([project, "-o", self.results], ranks=2)
        self.assertEqual(self.read_results()["trials/state"], ["completed"] * 4)
        self.assertEqual(len(steps.read_text()), 12)

    def test_stop_conditions_end_a_trial_as_completed(self):
        project = self.write_project(CURVE, hpo_config={"stop": {"training_iteration": 3}})
        self.assert_succeeds([project, "-o", self.results], ranks=2)
        content = self.read_results()
        self.assertEqual(set(content["trials/state"]), {"completed"})
        self.assertEqual(set(content["trials/iterations"]), {3})

    def test_metadata_has_the_original_format(self):
        self.check_finished_study(ranks=1)
        metadata = json.loads((self.folder / "userJobMetadata.json").read_text())
        self.assertEqual(len(metadata["result"]), 12)
        self.assertEqual(sorted(metadata["hyperparameters"]), ["n", "x"])
        self.assertEqual(set(metadata["best_config"]), {"x", "n"})

    def test_metadata_of_another_study_in_the_folder_are_kept(self):
        project = self.write_project(QUADRATIC)
        self.assert_succeeds([project, "-o", self.results])
        first = (self.folder / "userJobMetadata.json").read_text()
        self.assert_succeeds([project, "-o", self.folder / "other.h5", "--trials", "3"])
        self.assertEqual((self.folder / "userJobMetadata.1.json").read_text(), first)
        self.assert_succeeds([project, "-o", self.folder / "other.h5", "--trials", "4", "--resume"])
        self.assertEqual(len(json.loads((self.folder / "userJobMetadata.json").read_text())["result"]), 4)
        self.assertFalse((self.folder / "userJobMetadata.2.json").exists())

    def test_a_trial_is_told_how_many_cores_it_has(self):
        project = self.write_project("import os\ndef objective(config):\n"
                                     "    return {'loss': float(os.environ['OMP_NUM_THREADS'])}\n",
                                     hpo_config={"resource": {"cpu": 5}, "num_trials": 2})
        self.assert_succeeds([project, "-o", self.results], ranks=2)
        self.assertEqual(self.read_results()["trials/metrics/loss"], [5.0, 5.0])

    def test_search_points_come_first(self):
        points = self.folder / "points.json"
        points.write_text(json.dumps([{"x": 0.5, "n": 3}, {"x": 0.75, "n": 4}]))
        project = self.write_project(QUADRATIC)
        self.assert_succeeds([project, "-o", self.results, "--search-points", points], ranks=2)
        content = self.read_results()
        self.assertEqual(content["trials/params/x"][:2], [0.5, 0.75])
        self.assertEqual(content["trials/origin"][:2], ["user", "user"])
        self.assertEqual(len(content["trials/id"]), 12)

    def test_several_slots_run_at_once(self):
        project = self.write_project("""
import time
def objective(config, reporter):
    time.sleep(0.5)
    reporter(loss=config["x"])
""", hpo_config={"num_trials": 8})
        self.assert_succeeds([project, "-o", self.results, "--slots-per-gpu", "4"], ranks=2)
        content = self.read_results()
        spans = list(zip(content["trials/started"], content["trials/ended"]))
        together = max(sum(a <= start < b for a, b in spans) for start, _ in spans)
        self.assertEqual(together, 4)


class Ending(engine.EngineTestCase):
    def test_a_time_budget_ends_the_study_with_results_and_status_0(self):
        project = self.write_project(SLOW)
        began = time.monotonic()
        self.assert_succeeds([project, "-o", self.results, "--time-budget", "6"], ranks=3)
        self.assertLess(time.monotonic() - began, 20)
        content = self.read_results()
        self.assertIn("cancelled", content["trials/state"])
        self.assertEqual(content["status"], "stopped")

    def test_no_trial_is_begun_that_is_not_expected_to_end_within_the_time_budget(self):
        project = self.write_project("import time\ndef objective(config):\n    time.sleep(3)\n"
                                     "    return {'loss': config['x']}\n", hpo_config={"num_trials": 30})
        self.assert_succeeds([project, "-o", self.results, "--time-budget", "14"], ranks=3)
        content = self.read_results()
        started = [state for state, start in zip(content["trials/state"], content["trials/started"]) if start == start]
        self.assertIn(started.count("completed"), (4, 6, 8))
        self.assertNotIn("cancelled", started, "a trial was begun in vain")

    def check_signal(self, ranks):
        project = self.write_project(SLOW)
        process = engine.start([project, "-o", self.results], ranks=ranks, cwd=self.folder)
        self.addCleanup(process.stdout.close)
        engine.wait_until(lambda: list(self.folder.glob("results.trials/*")) or self.results.exists(), what="a trial")
        time.sleep(1.5)
        process.send_signal(signal.SIGTERM)
        began = time.monotonic()
        output, _ = process.communicate(timeout=30)
        self.assertLess(time.monotonic() - began, 6)
        content = self.read_results()
        self.assertEqual(content["status"], "stopped")
        return process.returncode, output

    def test_sigterm_ends_a_world_of_one_with_results_and_status_0(self):
        status, output = self.check_signal(ranks=1)
        self.assertEqual(status, 0, output)

    def test_sigterm_to_mpirun_leaves_results(self):
        # The exit status is mpirun's own here.
        self.check_signal(ranks=3)

    def test_status_3_when_no_trial_succeeds(self):
        project = self.write_project("def objective(config, reporter):\n    raise ValueError('never works')\n")
        status, output = engine.run([project, "-o", self.results], ranks=2, cwd=self.folder)
        self.assertEqual(status, 3, output)
        content = self.read_results()
        self.assertEqual(set(content["trials/state"]), {"failed"})
        self.assertTrue(all("never works" in error for error in content["trials/error"]))
        self.assertEqual(content["best_trial"], -1)


@unittest.skipUnless(FAKE_NVML, "HPOGRID_FAKE_NVML names no folder with the fake driver")
class Gpus(engine.EngineTestCase):
    """One GPU and two MIG instances, as a stand-in for the driver tells."""

    def run_study(self, *options, ranks, **extra):
        seen = self.folder / "seen"
        project = self.write_project("import os\ndef objective(config):\n"
                                     f"    open({str(seen)!r}, 'a').write(os.environ['CUDA_VISIBLE_DEVICES'] + '\\n')\n"
                                     "    import time\n    time.sleep(0.05)\n    return {'loss': config['x']}\n")
        path = os.pathsep.join(filter(None, (FAKE_NVML, os.environ.get("LD_LIBRARY_PATH"))))
        output = self.assert_succeeds([project, "-o", self.results, *options], ranks=ranks, LD_LIBRARY_PATH=path, **extra)
        return output, collections.Counter(seen.read_text().split()), self.read_results()

    def test_every_worker_owns_one(self):
        output, seen, content = self.run_study(ranks=4)
        self.assertEqual(set(seen), {"GPU-11111111-aaaa", "MIG-33333333-cccc", "MIG-44444444-dddd"})
        self.assertEqual(seen.total(), 12)
        for device in seen:
            self.assertIn(device, output)
            self.assertTrue(any(device in gpu for gpu in content["trials/gpu"]))

    def test_only_those_of_an_inherited_mask_are_used(self):
        _, seen, _ = self.run_study(ranks=2, CUDA_VISIBLE_DEVICES="MIG-44444444-dddd")
        self.assertEqual(dict(seen), {"MIG-44444444-dddd": 12})


class DryRun(engine.EngineTestCase):
    def test_it_shows_five_points_and_evaluates_nothing(self):
        project = self.write_project(QUADRATIC)
        output = self.assert_succeeds([project, "-o", self.results, "--dry-run"], ranks=2)
        self.assertFalse(self.results.exists())
        self.assertEqual(sum('"x"' in line for line in output.splitlines()), 5, output)
        self.assertRegex(output, r"\n +1 +\S+ +1 +\S+")
        self.assertNotIn("Warning", output)

    def test_it_shows_the_points_of_the_user_first(self):
        points = self.folder / "points.json"
        points.write_text(json.dumps([{"x": 0.125 * i, "n": i} for i in range(1, 8)]))
        project = self.write_project(QUADRATIC)
        output = self.assert_succeeds([project, "--search-points", points, "--dry-run"])
        shown = [json.loads(line.split(maxsplit=1)[1]) for line in output.splitlines() if line.startswith("  user")]
        self.assertEqual([point["n"] for point in shown], [1, 2, 3, 4, 5])

    def test_it_refuses_a_plug_in_that_cannot_be_loaded(self):
        project = self.write_project("\x7fELF\0hpogrid_plugin_rings\0", model="rings", script_name="libnet.so")
        status, output = engine.run([project, "-o", self.results, "--dry-run"], cwd=self.folder)
        self.assertEqual(status, 2, output)
        self.assertIn("libnet.so: cannot be used: the plug-in cannot be loaded", output)

    def test_it_refuses_what_a_run_would_refuse_for_an_earlier_study_and_leaves_it_alone(self):
        project = self.write_project(QUADRATIC)
        self.assert_succeeds([project, "-o", self.results])
        before = self.results.read_bytes()
        status, output = engine.run([project, "-o", self.results, "--dry-run"], cwd=self.folder)
        self.assertEqual(status, 2, output)
        self.assertIn("--overwrite", output)
        output = self.assert_succeeds([project, "-o", self.results, "--dry-run", "--resume"])
        self.assertIn("12 trials have ended", output)
        self.assert_succeeds([project, "-o", self.results, "--dry-run", "--overwrite"])
        self.assertEqual(self.results.read_bytes(), before)
        other = self.write_project(QUADRATIC, hpo_config={"mode": "max"})
        status, output = engine.run([other, "-o", self.results, "--dry-run", "--resume"], cwd=self.folder)
        self.assertEqual(status, 2, output)
        self.assertIn("'mode' differs", output)

    def test_it_doubts_a_metric_that_no_script_mentions(self):
        project = self.write_project(QUADRATIC, hpo_config={"metric": "accuracy"})
        output = self.assert_succeeds([project, "-o", self.results, "--dry-run"])
        self.assertIn("no script", output)
        self.assertIn("'accuracy'", output)

    def test_it_refuses_a_script_that_cannot_be_imported(self):
        project = self.write_project("import no_such_module_anywhere as objective\n")
        status, output = engine.run([project, "-o", self.results, "--dry-run"], cwd=self.folder)
        self.assertEqual(status, 2)
        self.assertIn("no_such_module_anywhere", output)


class BadInput(engine.EngineTestCase):
    def assert_refused(self, arguments, *fragments, ranks=1):
        status, output = engine.run(arguments, ranks=ranks, cwd=self.folder)
        self.assertEqual(status, 2, output)
        for fragment in fragments:
            self.assertIn(fragment, output)
        self.assertFalse(self.results.exists())

    def test_a_misspelt_key_names_the_nearest(self):
        project = self.write_project(QUADRATIC, hpo_config={"algortihm": "random"})
        self.assert_refused([project, "-o", self.results], "project.json", "algortihm", "algorithm", ranks=3)

    def test_a_misspelt_model_names_the_nearest(self):
        project = self.write_project(QUADRATIC, model_config={"model": "objectiv"})
        self.assert_refused([project, "-o", self.results], "project.json", "model_config.model", "objective", ranks=3)

    def test_a_plug_in_without_the_factory(self):
        project = self.write_project("\x7fELF\0hpogrid_plugin_rings\0", model="ring", script_name="libnet.so")
        self.assert_refused([project, "-o", self.results], "model_config.model", "did you mean 'rings'?")

    def test_an_unknown_option_names_the_nearest(self):
        project = self.write_project(QUADRATIC)
        self.assert_refused([project, "--trails", "5"], "--trials")
        self.assert_refused([project, "--trials"], "--trials: its value is missing")
        self.assert_refused([project, "--seed", "1", "--seed", "2"], "--seed: is given more than once")

    def test_a_data_folder_that_is_not_there(self):
        project = self.write_project(QUADRATIC)
        with unittest.mock.patch.dict(os.environ, HPOGRID_DATA_DIR="/no/such/folder"):
            self.assert_refused([project, "-o", self.results], "HPOGRID_DATA_DIR", "/no/such/folder")

    def test_a_missing_project(self):
        self.assert_refused(["no_such_project"], "no_such_project")

    def test_search_points_outside_the_space(self):
        points = self.folder / "points.json"
        points.write_text(json.dumps([{"x": 5, "n": 3}]))
        project = self.write_project(QUADRATIC)
        self.assert_refused([project, "-o", self.results, "--search-points", points], "points.json", "x")

    def test_resume_of_a_different_search_space(self):
        project = self.write_project(QUADRATIC)
        self.assert_succeeds([project, "-o", self.results])
        other = self.write_project(QUADRATIC, search_space={
            "y": {"method": "uniform", "dimension": {"low": 0, "high": 1}}})
        status, output = engine.run([other, "-o", self.results, "--resume"], cwd=self.folder)
        self.assertEqual(status, 2, output)
        self.assertIn("search_space", output)


if __name__ == "__main__":
    unittest.main(verbosity=2)
