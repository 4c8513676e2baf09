import unittest

from quality.simulation import simulate
from quality.suite.task import Outcome


class Scripted:
    """Suggests 0, 1, 2, … and remembers what it knew when it was asked."""

    def __init__(self, last=None):
        self.asked, self.told, self.knew, self.last = 0, [], [], last

    def ask(self):
        if self.asked == self.last:
            return None, 0.5
        self.knew.append([tell["trial"] for tell in self.told if tell["kind"] != "intermediate"])
        self.asked += 1
        return {"trial": self.asked - 1, "configuration": {"x": self.asked - 1}, "origin": "script"}, 0.5

    def tell(self, tells):
        self.told += tells
        return 0.25


def lasting(*durations):
    return lambda configuration, trial: Outcome(float(trial), float(trial), durations[trial])


class VirtualTime(unittest.TestCase):
    def test_one_worker_knows_everything_before_it_asks(self):
        optimizer = Scripted()
        run = simulate(optimizer, lasting(3, 1, 2), 3, 1)
        self.assertEqual(optimizer.knew, [[], [0], [0, 1]])
        self.assertEqual(run.makespan, 6)

    def test_a_worker_that_is_free_does_not_wait_for_the_others(self):
        optimizer = Scripted()
        # Worker A: trial 0 until 10. Worker B: 1 until 2, 2 until 5, 3 until 6, then 4 until 12; then A: 5 from 10 on.
        run = simulate(optimizer, lasting(10, 2, 3, 1, 6, 1), 6, 2)
        self.assertEqual(optimizer.knew, [[], [], [1], [1, 2], [1, 2, 3], [1, 2, 3, 0]])
        self.assertEqual(run.makespan, 12)
        self.assertEqual([tell["trial"] for tell in optimizer.told], [1, 2, 3, 0, 5, 4])

    def test_the_beginning_of_a_longer_run_is_the_shorter_run(self):
        durations = [3, 1, 4, 1, 5, 9, 2, 6, 5, 3]
        short, long = Scripted(), Scripted()
        simulate(short, lasting(*durations), 6, 3)
        simulate(long, lasting(*durations), 10, 3)
        self.assertEqual(short.knew, long.knew[:6])

    def test_reports_on_the_way_come_before_the_end_and_free_no_worker(self):
        optimizer = Scripted()
        simulate(optimizer, lambda configuration, trial: Outcome(1.0, 1.0, 4.0, curve=(3.0, 2.0)), 2, 1)
        self.assertEqual([(tell["kind"], tell["trial"], tell["score"], tell["iteration"]) for tell in optimizer.told],
                         [("intermediate", 0, 3.0, 1), ("intermediate", 0, 2.0, 2), ("finished", 0, 1.0, 3),
                          ("intermediate", 1, 3.0, 1), ("intermediate", 1, 2.0, 2), ("finished", 1, 1.0, 3)])

    def test_failures_are_told_without_a_score(self):
        optimizer = Scripted()
        run = simulate(optimizer, lambda configuration, trial: Outcome(None, None), 1, 1)
        self.assertEqual(optimizer.told, [{"kind": "failed", "trial": 0}])
        self.assertEqual(run.observed, [None])

    def test_an_exhausted_space_ends_the_run(self):
        run = simulate(Scripted(last=2), lasting(1, 1), 10, 4)
        self.assertEqual(run.true, [0.0, 1.0])

    def test_cpu_seconds_are_those_of_the_suggestion_and_of_the_tells_before_it(self):
        run = simulate(Scripted(), lasting(1, 1, 1), 3, 1)
        self.assertEqual(run.cpu, [0.5, 0.75, 0.75])


if __name__ == "__main__":
    unittest.main()
