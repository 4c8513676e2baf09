import types
import unittest

from quality.optimizers.peers.server import Session

SPACE = {"kernel": {"method": "categorical", "dimension": {"categories": ["linear", "poly"]}},
         "degree": {"method": "uniformint", "dimension": {"low": 2, "high": 5}, "condition": {"kernel": ["poly"]}}}


class Original:
    def __init__(self):
        self.told, self.added, self.left = [], [], 2

    def ask(self):
        if self.left == 0:
            return None
        self.left -= 1
        return {"kernel": "linear", "degree": 3}, f"handle {self.left}"

    def tell(self, *what):
        self.told.append(what)

    def add(self, history):
        self.added.append(history)


class Sessions(unittest.TestCase):
    def setUp(self):
        self.original = Original()
        adapter = types.SimpleNamespace(make=lambda *arguments: self.original)
        self.session = Session(adapter, {"algorithm": "x", "search_space": SPACE, "algorithm_param": {}, "seed": 1,
                                         "trials": 10, "workers": 1})

    def test_inactive_parameters_are_left_out_of_a_suggestion_and_kept_for_the_original(self):
        suggestion, = self.session.ask(1)["suggestions"]
        self.assertEqual((suggestion["trial"], suggestion["configuration"]), (0, {"kernel": "linear"}))
        self.session.tell([{"kind": "finished", "trial": 0, "score": 0.5, "iteration": 1}])
        self.assertEqual(self.original.told, [("handle 1", {"kernel": "linear", "degree": 3}, 0.5)])

    def test_failures_have_no_score_and_reports_on_the_way_are_not_told(self):
        self.session.ask(1)
        self.session.tell([{"kind": "intermediate", "trial": 0, "score": 1.0, "iteration": 1},
                           {"kind": "failed", "trial": 0}])
        self.assertEqual([told[2] for told in self.original.told], [None])

    def test_a_history_from_elsewhere_is_added_at_once_and_counted(self):
        points = [{"kernel": "linear"}, {"kernel": "poly", "degree": 2}]
        self.session.tell([{"kind": "pending", "trial": i, "configuration": point} for i, point in enumerate(points)]
                          + [{"kind": "finished", "trial": i, "score": i + 0.5} for i in range(2)])
        self.assertEqual(self.original.added, [[(points[0], 0.5), (points[1], 1.5)]])
        self.assertEqual(self.session.ask(1)["suggestions"][0]["trial"], 2)

    def test_fewer_suggestions_mean_that_nothing_is_left(self):
        self.assertEqual(len(self.session.ask(3)["suggestions"]), 2)


if __name__ == "__main__":
    unittest.main()
