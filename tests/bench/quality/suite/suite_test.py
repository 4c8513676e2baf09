import math
import unittest

from quality import space
from quality.suite import registry
from quality.suite.synthetic.landscape import Landscape
from quality.suite.task import reference

SYNTHETIC = [task for task in registry.tasks().values() if task.family == "synthetic"]


def best_configuration(task, seed):
    landscape = Landscape(task.name, task.search_space, seed)
    best = dict(landscape.best)
    for parameter in landscape.parameters:
        if parameter.name in landscape.costs:
            costs = landscape.costs[parameter.name]
            best[parameter.name] = parameter.dimension["categories"][costs.index(min(costs))]
    return space.active_part(task.search_space, best)


class SyntheticTasks(unittest.TestCase):
    def test_there_are_more_than_a_dozen_of_every_sort(self):
        self.assertGreaterEqual(len(SYNTHETIC), 12)
        definitions = [definition for task in SYNTHETIC for definition in task.search_space.values()]
        methods = {definition["method"] for definition in definitions}
        self.assertEqual(methods, set(space.QUANTILES) - {"fixed"})
        self.assertTrue(any("condition" in definition for definition in definitions))

    def test_the_optimum_is_what_it_is_said_to_be(self):
        for task in SYNTHETIC:
            if task.name == "categories6":  # found by going through all points
                continue
            for seed in range(3):
                outcome = task.instance(seed)(best_configuration(task, seed), 0)
                self.assertAlmostEqual(outcome.true, task.optimum(), delta=1e-6, msg=f"{task.name} seed {seed}")

    def test_no_point_is_better_than_the_optimum(self):
        for task in SYNTHETIC:
            evaluate = task.instance(1)
            scores = [evaluate(point, 0).true for point in space.samples(task.search_space, 300, 1)]
            least = min(score for score in scores if score is not None)
            self.assertGreaterEqual(least, task.optimum() - 1e-9, task.name)

    def test_every_optimum_of_the_categories_can_be_reached(self):
        task = registry.tasks()["categories6"]
        evaluate = task.instance(4)
        names = list(task.search_space)
        sizes = [task.search_space[name]["dimension"]["categories"] for name in names]

        def scores(chosen):
            if len(chosen) == len(names):
                yield evaluate(dict(zip(names, chosen)), 0).true
            else:
                for category in sizes[len(chosen)]:
                    yield from scores([*chosen, category])
        self.assertAlmostEqual(min(scores([])), 0.0)

    def test_seeds_shift_the_optimum_and_the_centre_is_not_it(self):
        for task in SYNTHETIC:
            centre = space.active_part(task.search_space, space.completed(task.search_space, {}))
            values = [task.instance(seed)(centre, 0).true for seed in range(5)]
            finite = [value for value in values if value is not None]
            self.assertGreater(len(set(values)), 1, task.name)
            self.assertTrue(all(value > 1e-3 for value in finite), task.name)

    def test_evaluations_are_repeatable(self):
        for task in SYNTHETIC:
            point = space.samples(task.search_space, 1, 5)[0]
            self.assertEqual(task.instance(2)(point, 7), task.instance(2)(point, 7), task.name)

    def test_noise_is_on_what_is_observed_only(self):
        task = registry.tasks()["noisy_hartmann6"]
        point = space.samples(task.search_space, 1, 5)[0]
        outcomes = [task.instance(0)(point, trial) for trial in range(400)]
        self.assertEqual(len({outcome.true for outcome in outcomes}), 1)
        noise = [outcome.observed - outcome.true for outcome in outcomes]
        self.assertAlmostEqual(sum(noise) / 400, 0.0, delta=0.05)
        self.assertAlmostEqual(math.sqrt(sum(x * x for x in noise) / 400), 0.2, delta=0.03)

    def test_failing_tasks_fail_somewhere_and_not_everywhere(self):
        for name in ("failing_corner4", "failing_category5"):
            task = registry.tasks()[name]
            evaluate = task.instance(0)
            failed = [evaluate(point, 0).observed is None for point in space.samples(task.search_space, 200, 1)]
            self.assertTrue(0.05 < sum(failed) / 200 < 0.7, name)

    def test_regret_is_measured_by_a_random_point(self):
        for task in SYNTHETIC:
            self.assertGreater(reference(task, 0), task.optimum(), task.name)


if __name__ == "__main__":
    unittest.main()
