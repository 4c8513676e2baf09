"""The example `tables`: networks and boosted trees on scikit-learn's data, under the real engine."""
import json
import pathlib
import subprocess
import sys
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "support"))
import engine  # noqa: E402

EXAMPLE = pathlib.Path(__file__).resolve().parents[2] / "configs/examples/tables"


def margins(model, rows):
    """What XGBoost's JSON says that a model of two classes scores each row with."""
    names = model["feature_names"]
    scores = []
    for row in rows:
        score = 0.0
        for tree in model["gradient_booster"]["model"]["trees"]:
            node = 0
            while tree["left_children"][node] >= 0:
                below = row[names[tree["split_indices"][node]]] < tree["split_conditions"][node]
                node = (tree["left_children"] if below else tree["right_children"])[node]
            score += tree["split_conditions"][node]
        scores.append(score)
    return scores


class Tables(engine.EngineTestCase):
    def setUp(self):
        super().setUp()
        try:
            import sklearn.datasets  # noqa: F401
        except ImportError as error:
            self.skipTest(f"scikit-learn is not installed: {error}")
        subprocess.run([sys.executable, EXAMPLE / "make_tables.py", self.folder], check=True)

    def run_example(self, name):
        status, output = engine.run([EXAMPLE / f"{name}.json", "-o", self.results], ranks=3, cwd=self.folder,
                                    HPOGRID_DATA_DIR=str(self.folder))
        if "built without XGBoost" in output or "XGBoost was not there" in output:
            self.skipTest(output)
        self.assertEqual(status, 0, output)
        return self.read_results()

    def best(self, content, metric):
        return content[f"trials/metrics/{metric}"][content["best_trial"]]

    def test_a_population_of_networks_learns_digits(self):
        content = self.run_example("digits")
        self.assertEqual(set(content["trials/state"]), {"completed"})
        self.assertGreater(self.best(content, "accuracy"), 0.95)
        self.assertGreater(max(content["trials/attempt"]), 1, "no weights were taken over")

    def test_boosted_trees_learn_breast_cancer_and_bad_ones_stop_early(self):
        content = self.run_example("breast_cancer")
        self.assertEqual(set(content["trials/state"]), {"completed", "stopped"})
        self.assertGreater(self.best(content, "auc"), 0.97)
        self.assertLess(min(content["trials/iterations"]), max(content["trials/iterations"]))
        self.check_model(content)

    def check_model(self, content):
        """The exported trees alone tell malignant from benign as well as the report says, seen or unseen."""
        import h5py
        models = list(self.folder.rglob(f"{content['best_trial']:06}/model.json"))
        self.assertEqual(len(models), 1)
        model = json.loads(models[0].read_text())["learner"]
        self.assertEqual(float(model["attributes"]["objective"]), self.best(content, "loss"))
        with h5py.File(self.folder / "breast_cancer.h5") as file:
            columns = {name: file[name][:] for name in file}
        rows = [dict(zip(columns, values)) for values in zip(*columns.values())]
        right = sum((score > 0) == (row["label"] == 1) for score, row in zip(margins(model, rows), rows))
        self.assertGreater(right / len(rows), 0.95)


if __name__ == "__main__":
    unittest.main()
