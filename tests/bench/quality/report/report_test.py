import dataclasses
import tempfile
import types
import unittest

from quality.report import faithful, quality
from quality.report.results import Results
from quality.report.text_table import table
from quality.store import Store
from quality.suite import registry
from quality.suite.task import Task, reference, synthetic, unknown

KNOWN = registry.tasks()["branin_log"]


def optimizer(name, knows_budget=False):
    return types.SimpleNamespace(name=name, version="o", knows_budget=knows_budget)


class Reports(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.store = Store(folder.name)

    def add(self, name, true, observed=None, seed=0, task=KNOWN, error=None):
        self.store.add({"optimizer": name, "task": task.name, "task_version": task.version, "optimizer_version": "o",
                        "workers": 1, "seed": seed, "trials": len(true),
                        "run": {"observed": observed or true, "true": true, "error": error}})

    def results(self, *names, tasks=(KNOWN,), seeds=range(10)):
        return Results(self.store, [optimizer(name) for name in names], list(tasks), seeds)

    def regret(self, trials, name="hyperopt"):
        return self.results(name).regret(optimizer(name), KNOWN, trials, 1, 0)

    def test_regret_is_that_of_what_looked_best_in_units_of_a_random_point(self):
        self.add("hyperopt", true=[8.0, 2.0, 4.0, 1.0], observed=[7.0, 5.0, 3.0, 6.0])
        unit = reference(KNOWN, 0)
        self.assertAlmostEqual(self.regret(2), 2.0 / unit)
        self.assertAlmostEqual(self.regret(4), 4.0 / unit)
        self.assertIsNone(self.regret(5))

    def test_failures_are_never_the_best_and_nothing_else_is_the_worst(self):
        self.add("hyperopt", true=[None, 3.0])
        self.assertEqual(self.regret(1), 2.0)
        self.assertAlmostEqual(self.regret(2), 3.0 / reference(KNOWN, 0))

    def test_an_unknown_optimum_is_the_best_that_anybody_found(self):
        task = Task(KNOWN.name, KNOWN.family, KNOWN.search_space, KNOWN.instance, unknown, KNOWN.version)
        self.add("hyperopt", true=[3.0])
        self.add("somebody", true=[1.0], seed=9)
        found = self.results("hyperopt", tasks=[task])
        self.assertAlmostEqual(found.regret(optimizer("hyperopt"), task, 1, 1, 0), 2.0 / (reference(KNOWN, 0) - 1.0))

    def test_only_seeds_that_all_have_run_are_compared(self):
        for seed in (0, 1, 2):
            self.add("hyperopt", true=[1.0], seed=seed)
        for seed in (1, 2, 3):
            self.add("py:hyperopt", true=[2.0], seed=seed)
        found = self.results("hyperopt", "py:hyperopt")
        self.assertEqual([seed for seed, _ in found.paired(1, 1)[KNOWN.name]], [1, 2])
        text = quality.rank_table(found, [(1, 1)])
        self.assertIn("T=1 W=1 (1 tasks, 2 pairs)", text)
        self.assertLess(text.index("| hyperopt "), text.index("| py:hyperopt "))

    def test_cells_that_are_lost_name_the_winner(self):
        for seed in range(4):
            self.add("auto", true=[2.0, 0.5], seed=seed)
            self.add("random", true=[1.0, 1.0], seed=seed)
        text = quality.losing_cells(self.results("auto", "random"), "auto", [(1, 1), (2, 1)])
        self.assertTrue(text.startswith("1 of 2 cells"), text)
        self.assertIn("| branin_log | 1 | 1 | random |     1.00 |         2.00 |       0 % |     4 |", text)

    def test_a_native_version_that_is_always_worse_is_called_so(self):
        for seed in range(10):
            self.add("hyperopt", true=[2.0 + seed], seed=seed)
            self.add("py:hyperopt", true=[1.0], seed=seed)
        text = faithful.faithful_table(self.results("hyperopt", "py:hyperopt"), 1, 1)
        self.assertIn("| worse |", " ".join(text.split()))
        self.assertTrue(text.rstrip().endswith("branin_log |"), text)

    def test_a_native_version_that_wins_is_no_worse(self):
        for seed in range(10):
            self.add('skopt{"kappa":2}', true=[1.0], seed=seed)
            self.add("py:skopt", true=[1.0 + seed % 2], seed=seed)
        text = faithful.faithful_table(self.results('skopt{"kappa":2}', "py:skopt"), 1, 1)
        self.assertIn("75.0 %", text)
        self.assertIn("| no worse |", " ".join(text.split()))

    def test_studies_that_broke_are_told(self):
        self.add("py:hyperopt", true=[1.0], error="TypeError: no")
        self.assertEqual(self.results("py:hyperopt").errors(), {"py:hyperopt": [(KNOWN.name, "TypeError: no")]})

    def test_runs_of_a_task_that_has_changed_are_not_used(self):
        self.add("hyperopt", true=[1.0], task=dataclasses.replace(KNOWN, version="before"))
        self.assertIsNone(self.regret(1))


class Versions(unittest.TestCase):
    def test_a_task_that_computes_something_else_has_another_version(self):
        def twice(seed):
            evaluate = KNOWN.instance(seed)
            return lambda point, trial: dataclasses.replace(evaluate(point, trial),
                                                            true=2 * evaluate(point, trial).true)
        self.assertEqual(synthetic("a", KNOWN.search_space, KNOWN.instance).version, KNOWN.version)
        self.assertNotEqual(synthetic("a", KNOWN.search_space, twice).version, KNOWN.version)


class Tables(unittest.TestCase):
    def test_columns_line_up(self):
        self.assertEqual(table(["a", "b"], [["long", 1], ["x", 123456]]),
                         "| a    |      b |\n| ---- | -----: |\n| long |      1 |\n| x    | 123456 |")


if __name__ == "__main__":
    unittest.main()
