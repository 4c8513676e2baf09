import random
import unittest

from quality import space

SPACE = {
    "degree": {"method": "uniformint", "dimension": {"low": 2, "high": 5}, "condition": {"kernel": ["poly"]}},
    "even": {"method": "categorical", "dimension": {"categories": [True, False]}, "condition": {"degree": [2, 4]}},
    "kernel": {"method": "categorical", "dimension": {"categories": ["linear", "poly"]}},
    "rate": {"method": "quniform", "dimension": {"low": 0, "high": 1, "q": 0.1}},
}


class SearchSpaces(unittest.TestCase):
    def test_conditions_name_earlier_parameters(self):
        names = [parameter.name for parameter in space.parameters(SPACE)]
        self.assertLess(names.index("kernel"), names.index("degree"))
        self.assertLess(names.index("degree"), names.index("even"))

    def test_a_circle_of_conditions_is_refused(self):
        fixed = {"method": "fixed", "dimension": {"value": 1}}
        with self.assertRaisesRegex(ValueError, "circle"):
            space.parameters({"a": {**fixed, "condition": {"b": [1]}}, "b": {**fixed, "condition": {"a": [1]}}})

    def test_what_depends_on_an_inactive_parameter_is_inactive(self):
        full = {"kernel": "linear", "degree": 2, "even": True, "rate": 0.5}
        self.assertEqual(space.active_part(SPACE, full), {"kernel": "linear", "rate": 0.5})
        self.assertEqual(space.active_part(SPACE, {**full, "kernel": "poly"}), {**full, "kernel": "poly"})
        self.assertEqual(set(space.completed(SPACE, {"kernel": "linear", "rate": 0.5})), set(full))

    def test_samples_cover_every_shape_and_stay_inside(self):
        rng = random.Random(1)
        found = [space.sample(SPACE, rng) for _ in range(300)]
        self.assertEqual({frozenset(point) for point in found},
                         {frozenset(names) for names in
                          (("kernel", "rate"), ("kernel", "rate", "degree"), ("kernel", "rate", "degree", "even"))})
        self.assertEqual({point["rate"] for point in found}, {round(0.1 * i, 1) for i in range(11)})
        self.assertEqual({point["degree"] for point in found if "degree" in point}, {2, 3, 4, 5})

    def test_multiples_are_exact(self):
        self.assertEqual(space.multiple(0.3000001, 0.1), 0.3)
        self.assertEqual(space.multiple(52, 5), 50)
        self.assertIsInstance(space.multiple(52.0, 5), int)


if __name__ == "__main__":
    unittest.main()
