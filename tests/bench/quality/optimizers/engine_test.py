"""Ours, behind the C++ program: HPOGRID_OPTIMIZER_SERVER names it."""
import os
import tempfile
import unittest

from quality import space
from quality.optimizers.process import OptimizerError, OptimizerProcess
from quality.optimizers.registry import MIXED, Optimizer, Unavailable

SERVER = os.environ["HPOGRID_OPTIMIZER_SERVER"]


class Server(unittest.TestCase):
    def setUp(self):
        self.process = OptimizerProcess([SERVER])
        self.addCleanup(self.process.close)

    def make(self, algorithm="random", seed=1, parameters=None):
        self.process.make(algorithm, MIXED, parameters or {}, seed, 10, 1)

    def test_suggestions_are_numbered_configurations_of_the_space_with_an_origin(self):
        self.make()
        for trial in range(20):
            suggestion, cpu = self.process.ask()
            self.assertEqual((suggestion["trial"], suggestion["origin"]), (trial, "random"))
            self.assertEqual(space.active_part(MIXED, suggestion["configuration"]), suggestion["configuration"])
            self.assertGreaterEqual(cpu, 0.0)

    def test_the_seed_decides(self):
        found = []
        for seed in (1, 1, 2):
            self.make("sobol", seed)
            found.append([self.process.ask()[0]["configuration"] for _ in range(5)])
        self.assertEqual(found[0], found[1])
        self.assertNotEqual(found[0], found[2])

    def test_trials_from_elsewhere_are_counted(self):
        self.make()
        point = space.samples(MIXED, 1, 1)[0]
        self.process.tell([{"kind": "pending", "trial": 0, "configuration": point},
                           {"kind": "intermediate", "trial": 0, "score": 2.0, "iteration": 1},
                           {"kind": "finished", "trial": 0, "score": 1.0}])
        self.assertEqual(self.process.ask()[0]["trial"], 1)

    def test_an_exhausted_space_gives_no_suggestion(self):
        self.process.make("random", {"a": {"method": "categorical", "dimension": {"categories": [1]}}}, {}, 1, 10, 1)
        self.assertEqual(self.process.ask()[0]["configuration"], {"a": 1})
        self.assertIsNone(self.process.ask()[0])

    def test_a_refused_request_says_why_and_the_session_goes_on(self):
        self.make()
        for refused, reason in (({"tell": [{"kind": "finished", "trial": 9, "score": 1}]}, "trial 9 is unknown"),
                                ({"tell": [{"kind": "won", "trial": 0}]}, "kind 'won' is unknown"),
                                ({"make": {"algorithm": "randon", "search_space": MIXED}}, "did you mean 'random'"),
                                ({"make": {"algorithm": "random", "search_space": {"a": {}}}}, "search_space.a"),
                                ({"make": {"algorithm": "random", "search_space": MIXED,
                                           "algorithm_param": {"x": 1}}}, "'x'")):
            with self.assertRaisesRegex(OptimizerError, reason):
                self.process.request(**refused)
        self.assertEqual(self.process.ask()[0]["trial"], 0)

    def test_a_session_has_to_be_made_first(self):
        with self.assertRaisesRegex(OptimizerError, "no optimiser yet"):
            self.process.ask()


class Processes(unittest.TestCase):
    def test_one_that_ends_is_an_error_with_its_last_words(self):
        with OptimizerProcess(["sh", "-c", "echo no memory >&2; exit 3"]) as process:
            with self.assertRaisesRegex(OptimizerError, "no memory"):
                process.ask()

    def test_one_that_does_not_answer_is_killed(self):
        with OptimizerProcess(["sleep", "60"], answer_within=0.2) as process:
            with self.assertRaisesRegex(OptimizerError, "no answer within"):
                process.ask()


class Versions(unittest.TestCase):
    def test_a_version_is_that_of_what_is_suggested(self):
        with tempfile.TemporaryDirectory() as folder:
            versions = {name: Optimizer(name, SERVER, folder).version for name in ("random", "tune", "sobol")}
        self.assertEqual(versions["random"], versions["tune"])
        self.assertNotEqual(versions["random"], versions["sobol"])

    def test_samplers_do_not_know_their_budget(self):
        with tempfile.TemporaryDirectory() as folder:
            self.assertFalse(Optimizer("sobol", SERVER, folder).knows_budget)

    def test_parameters_belong_to_the_name(self):
        with tempfile.TemporaryDirectory() as folder:
            self.assertEqual(Optimizer('auto{"a":1}', SERVER, folder).parameters, {"a": 1})
            with self.assertRaisesRegex(Unavailable, "no such peer"):
                Optimizer("py:nobody", SERVER, folder)


if __name__ == "__main__":
    unittest.main()
