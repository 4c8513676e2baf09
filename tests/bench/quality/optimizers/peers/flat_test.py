import math
import unittest

from quality import space
from quality.optimizers.peers import flat


def only(method, **dimension):
    return flat.flatten({"x": {"method": method, "dimension": dimension}})[0]


class Flattening(unittest.TestCase):
    def test_steps_become_integers_that_lead_back_to_multiples(self):
        parameter = only("quniform", low=0, high=1, q=0.1)
        self.assertEqual((parameter.kind, parameter.low, parameter.high), ("integer", 0, 10))
        self.assertEqual([parameter.outer(i) for i in (0, 3, 10)], [0.0, 0.3, 1.0])
        self.assertEqual([parameter.inner(value) for value in (0.0, 0.3, 1.0)], [0, 3, 10])

    def test_logarithmic_steps_do_not_begin_at_zero(self):
        parameter = only("qloguniform", low=1, high=100, q=8)
        self.assertEqual((parameter.low, parameter.high, parameter.log), (1, 12, True))

    def test_normal_distributions_reach_to_three_sigma(self):
        self.assertEqual((only("normal", mu=1.0, sigma=2.0).low, only("normal", mu=1.0, sigma=2.0).high), (-5.0, 7.0))
        parameter = only("lognormal", mu=0.0, sigma=1.0, base=10)
        self.assertTrue(parameter.log)
        self.assertTrue(math.isclose(parameter.low, 1e-3) and math.isclose(parameter.high, 1e3))

    def test_values_stay_inside_whatever_the_original_gives(self):
        self.assertEqual(only("uniform", low=0, high=1).outer(1.0000001), 1)
        self.assertEqual(only("loguniform", low=1e-3, high=1).outer(9e-4), 1e-3)

    def test_every_value_leads_there_and_back(self):
        search_space = {"a": {"method": "uniform", "dimension": {"low": -1, "high": 2}},
                        "b": {"method": "uniformint", "dimension": {"low": 1, "high": 50}},
                        "c": {"method": "qlognormal", "dimension": {"mu": 3.0, "sigma": 1.0, "q": 2}},
                        "d": {"method": "qnormal", "dimension": {"mu": 0.0, "sigma": 10.0, "q": 5}}}
        parameters = flat.flatten(search_space)
        for point in space.samples(search_space, 100, 1):
            for parameter in parameters:
                value = point[parameter.name]
                self.assertEqual(parameter.outer(parameter.inner(value)), value, parameter)

    def test_conditions_are_dropped(self):
        search_space = {"a": {"method": "categorical", "dimension": {"categories": [True, None]}},
                        "b": {"method": "fixed", "dimension": {"value": 3}, "condition": {"a": [True]}}}
        self.assertEqual([parameter.categories for parameter in flat.flatten(search_space)], [(True, None), (3,)])


class Penalties(unittest.TestCase):
    def test_a_failure_is_as_bad_as_the_worst_so_far(self):
        penalty = flat.Penalty()
        self.assertIsNone(penalty.score(None))
        self.assertEqual([penalty.score(score) for score in (2.0, 5.0, None, 1.0, None)], [2.0, 5.0, 5.0, 1.0, 5.0])


if __name__ == "__main__":
    unittest.main()
