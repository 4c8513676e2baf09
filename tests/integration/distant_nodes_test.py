"""Checkpoints between workers that do not see each other's files: each rank but 0 has an empty file system of its own
where the results lie, as on nodes without a shared one."""
import os
import pathlib
import subprocess
import sys
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "support"))
import engine  # noqa: E402
import scheduler_test  # noqa: E402

UNSHARE = ["unshare", "--mount"] if os.geteuid() == 0 else ["unshare", "--map-root-user", "--mount"]

NODE = """#!/bin/sh
[ "${{OMPI_COMM_WORLD_RANK:-0}}" = 0 ] && exec {engine} "$@"
exec {unshare} sh -c 'mount -t tmpfs node {results} && exec {engine} "$@"' sh "$@"
"""


def may_unshare():
    return subprocess.run([*UNSHARE, "sh", "-c", "mount -t tmpfs node /mnt"], capture_output=True).returncode == 0


class DistantNodesTestCase(scheduler_test.SchedulerTestCase):
    def setUp(self):
        super().setUp()
        self.results = self.folder / "results/results.h5"
        self.results.parent.mkdir()
        self.scratch = self.folder / "scratch"
        self.scratch.mkdir()
        self.options = {"TMPDIR": str(self.scratch)}

    def go_on_after_the_death_of(self, ranks, *resume):
        """Three trials of 12 epochs, of which a few are killed after four epochs each."""
        project = self.counting_project(waits="epoch >= 4", num_trials=3)
        process = self.start_and_wait_for_four_epochs(project, trials=3, **self.options)
        self.kill(process, ranks)
        output, _ = process.communicate(timeout=60)
        if resume:
            self.assert_succeeds([project, "-o", self.results, *resume], ranks=4, **self.options)
        else:
            self.assertEqual(process.returncode, 0, output)
        self.assertEqual(self.read_results()["trials/state"], ["completed"] * 3)
        self.check_that_trials_went_on(trials=3)

    def check_traces(self):
        self.assertEqual(self.saved(), [self.read_results()["best_checkpoint"]])
        left = [path.name for path in self.results.parent.iterdir() if ".probe-" in path.name]
        self.assertEqual(left, [], "the probe is gone")


@unittest.skipUnless(may_unshare(), "needs the right to mount a file system of a process's own (root, or user namespaces)")
class NodesWithFilesOfTheirOwn(DistantNodesTestCase):
    def setUp(self):
        super().setUp()
        node = self.folder / "node"
        node.write_text(NODE.format(engine=engine.ENGINE, unshare=" ".join(UNSHARE), results=self.results.parent))
        node.chmod(0o755)
        self.options["HPOGRID_ENGINE"] = str(node)

    def test_a_population_copies_weights_from_node_to_node(self):
        project = self.digits("pbt", {"time_attr": "training_iteration", "perturbation_interval": 2}, trials=6,
                              stop={"training_iteration": 8})
        self.assert_succeeds([project, "-o", self.results], ranks=4, **self.options)
        content = self.read_results()
        self.assertEqual(content["trials/state"], ["completed"] * 6)
        self.assertGreater(self.check_exploits(content), 0)
        self.assertTrue((self.results.with_suffix(".checkpoints") / content["best_checkpoint"] / "state.pt").exists())
        self.check_traces()
        self.assertEqual(list(self.scratch.glob("hpogrid-*-rank*")), [], "nodes are left as they were")

    def test_a_paused_trial_goes_on_wherever_there_is_a_place(self):
        project = self.counting_project(scheduler="bohbhyperband", num_trials=9,
                                        scheduler_param={"max_t": 9, "reduction_factor": 3})
        self.assert_succeeds([project, "-o", self.results], ranks=4, **self.options)
        epochs = self.epochs()
        self.assertEqual(sorted(map(len, epochs.values())), [1] * 6 + [3] * 2 + [9])
        for trained in epochs.values():
            self.assertEqual(trained, list(range(1, len(trained) + 1)), "no epoch was trained twice or left out")
        self.check_traces()

    def test_logs_stay_on_the_node_and_what_a_trial_raised_is_in_the_results(self):
        project = self.write_project("""
import os

def objective(config, reporter):
    print("a line")
    if os.environ["HPOGRID_TRIAL_ID"] == "1":
        raise ValueError("too hot")
    reporter(loss=1.0)
""", hpo_config={"num_trials": 2})
        self.assert_succeeds([project, "-o", self.results], ranks=2, **self.options)
        content = self.read_results()
        self.assertEqual(content["trials/state"], ["completed", "failed"])
        self.assertIn("ValueError: too hot", content["trials/error"][1])
        for log in content["trials/log"]:
            self.assertTrue(log.startswith(str(self.results.parent)), log)
            self.assertFalse(os.path.exists(log), "it lies on the node, which has gone")

    def test_a_trial_whose_node_dies_goes_on_from_what_the_controller_kept(self):
        self.go_on_after_the_death_of([2])
        self.check_traces()

    def test_a_study_that_is_killed_goes_on_on_other_nodes(self):
        self.go_on_after_the_death_of([0, 1, 2, 3], "--resume")
        self.check_traces()


class ScratchOfEachNode(DistantNodesTestCase):
    def test_is_used_where_it_is_named(self):
        self.options = {"HPOGRID_CHECKPOINT_DIR": str(self.scratch)}
        self.go_on_after_the_death_of([2])
        self.check_traces()
        left = {path.name.rpartition("-")[2] for path in self.scratch.iterdir()}
        self.assertLessEqual(left, {"rank2"}, "only what was killed leaves its folder")


if __name__ == "__main__":
    unittest.main(verbosity=2)
