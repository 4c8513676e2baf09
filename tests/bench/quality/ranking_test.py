import itertools
import math
import unittest

import numpy

from quality import ranking


class Ranks(unittest.TestCase):
    def test_ties_share_their_mean(self):
        self.assertEqual(list(ranking.mid_ranks([3.0, 1.0, 3.0, 0.5])), [3.5, 2.0, 3.5, 1.0])

    def test_the_mean_rank_of_who_always_wins_is_one(self):
        regrets = {"a": [[0.1, 0.5, 0.9], [0.2, 0.9, 0.3]], "b": [[0.0, 2.0, 1.0]]}
        best, second, third = ranking.mean_ranks(regrets)
        self.assertEqual((best.value, best.low, best.high), (1.0, 1.0, 1.0))
        # Task a: ranks 2 and 3, task b: 3; tasks count alike, however many seeds they have.
        self.assertAlmostEqual(second.value, (2.5 + 3) / 2)
        self.assertAlmostEqual(third.value, (2.5 + 2) / 2)

    def test_the_bootstrap_interval_has_the_width_of_the_normal_one(self):
        rng = numpy.random.default_rng(1)
        by_task = {"only": rng.normal(5.0, 1.0, size=400)}
        value, low, high = ranking.bootstrap_mean(by_task, other_tasks=False)
        self.assertAlmostEqual(value, by_task["only"].mean())
        self.assertAlmostEqual(high - low, 2 * 1.96 / math.sqrt(400), delta=0.02)

    def test_the_bootstrap_interval_knows_that_other_tasks_differ(self):
        by_task = {"a": [0.0] * 50, "b": [1.0] * 50}
        self.assertEqual(ranking.bootstrap_mean(by_task, other_tasks=True), (0.5, 0.0, 1.0))
        self.assertEqual(ranking.bootstrap_mean(by_task, other_tasks=False), (0.5, 0.5, 0.5))


class SignedRank(unittest.TestCase):
    def test_its_mean_and_variance_are_those_over_all_signs(self):
        sizes = [0.5, 1.0, 1.0, 3.0, 7.0]
        found = [ranking.signed_rank([sign * size for sign, size in zip(signs, sizes)])
                 for signs in itertools.product((-1, 1), repeat=len(sizes))]
        excesses = [excess for excess, _ in found]
        self.assertAlmostEqual(numpy.mean(excesses), 0.0)
        self.assertAlmostEqual(numpy.var(excesses), found[0][1])

    def test_it_agrees_with_tables_for_large_samples(self):
        # 40 pairs, all worse: W+ = 820, z = 410 / sqrt(5535).
        p_value = ranking.stratified_signed_rank({"a": range(1, 41)})
        self.assertAlmostEqual(p_value, 0.5 * math.erfc(410 / math.sqrt(5535) / math.sqrt(2)))

    def test_the_scale_of_a_task_does_not_matter(self):
        small = {"a": [1.0, 2.0, -3.0], "b": [1.0, -2.0, 4.0]}
        large = {"a": [1e6, 2e6, -3e6], "b": [1.0, -2.0, 4.0]}
        self.assertEqual(ranking.stratified_signed_rank(small), ranking.stratified_signed_rank(large))

    def test_equal_results_say_nothing(self):
        self.assertEqual(ranking.stratified_signed_rank({"a": [0.0, 0.0]}), 0.5)

    def test_chance_alone_is_rarely_significant(self):
        rng = numpy.random.default_rng(2)
        p_values = [ranking.stratified_signed_rank({"a": rng.normal(size=20), "b": rng.normal(size=20)})
                    for _ in range(500)]
        self.assertAlmostEqual(numpy.mean(numpy.array(p_values) < 0.05), 0.05, delta=0.025)


class Verdicts(unittest.TestCase):
    def test_holm_multiplies_the_smallest_most_and_keeps_the_order(self):
        self.assertEqual(ranking.holm([0.01, 0.04, 0.03]), [0.03, 0.06, 0.06])
        self.assertEqual(ranking.holm([0.9, 0.8]), [1.0, 1.0])

    def test_wins_count_smaller_regrets_and_half_the_ties(self):
        share = ranking.win_share({"a": [-1.0, -2.0, 3.0, 0.0]})
        self.assertEqual(share.value, 2.5 / 4)

    def test_no_worse_has_to_be_shown(self):
        self.assertEqual(ranking.verdict(0.01, ranking.Interval(0.3, 0.2, 0.4), 20), "worse")
        self.assertEqual(ranking.verdict(0.50, ranking.Interval(0.5, 0.47, 0.53), 5), "no worse")
        self.assertEqual(ranking.verdict(0.50, ranking.Interval(0.5, 0.30, 0.70), 20), "undecided")

    def test_few_seeds_decide_nothing(self):
        self.assertEqual(ranking.verdict(0.50, ranking.Interval(0.5, 0.50, 0.50), 4), "undecided")


if __name__ == "__main__":
    unittest.main()
