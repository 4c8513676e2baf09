"""The native trainer under the real engine and the real mpirun, on the events of the example `higgs`."""
import collections
import importlib.util
import json
import pathlib
import sys
import unittest

ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "tests/support"))
import engine  # noqa: E402

EXAMPLE = ROOT / "configs/examples/higgs"


def example_script(name):
    spec = importlib.util.spec_from_file_location(name, EXAMPLE / f"scripts/{name}.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def weighted_auc(scores, labels, weights):
    """Probability that an event of signal scores higher than one of background, ties half."""
    import numpy
    signal, background = labels == 1, labels == 0
    order = numpy.argsort(scores[background])
    ordered = scores[background][order]
    sums = numpy.concatenate([[0], numpy.cumsum(weights[background][order].astype("f8"))])
    below = sums[numpy.searchsorted(ordered, scores[signal], "left")]
    not_above = sums[numpy.searchsorted(ordered, scores[signal], "right")]
    return numpy.sum(weights[signal] * (below + not_above) / 2) / (sums[-1] * weights[signal].sum(dtype="f8"))


class NativeTrainer(engine.EngineTestCase):
    def setUp(self):
        super().setUp()
        try:
            import h5py
            import numpy
        except ImportError as error:
            self.skipTest(f"h5py or numpy is not installed: {error}")
        events = example_script("make_events")
        random = numpy.random.default_rng(1)
        for name, count in (("train", 8000), ("validation", 1000)):
            with h5py.File(self.folder / f"{name}.h5", "w") as file:
                for column, values in events.draw_events(random, count).items():
                    file[column] = values
        self.project = json.loads((EXAMPLE / "config/project_config.json").read_text())
        (self.folder / "scripts").mkdir()

    def run_study(self, ranks=4, **options):
        path = self.folder / "project.json"
        path.write_text(json.dumps(self.project))
        return engine.run([path, "-o", self.results, "--overwrite"], ranks=ranks, cwd=self.folder,
                          HPOGRID_DATA_DIR=str(self.folder), **options)

    def assert_study_succeeds(self, ranks=4):
        status, output = self.run_study(ranks)
        self.assertEqual(status, 0, output)
        return self.read_results()

    def assert_refused(self, *words):
        status, output = self.run_study(ranks=1)
        self.assertEqual(status, 2, output)
        sentences = [line for line in output.splitlines() if line.strip()]
        self.assertEqual(len(sentences), 1, output)
        for word in words:
            self.assertIn(word, output)

    def test_every_worker_trains_many_trials_at_once_and_bad_ones_end_early(self):
        content = self.assert_study_succeeds()
        self.assertEqual(len(content["trials/id"]), 48)
        self.assertEqual(set(content["trials/state"]), {"completed", "stopped"})
        self.assertEqual(set(content["trials/worker"]), {1, 2, 3})
        for iterations, state in zip(content["trials/iterations"], content["trials/state"]):
            self.assertIn(iterations, {9} if state == "completed" else {1, 3, 9})
        self.assertGreater(max(content["trials/metrics/auc"]), 0.8)
        self.assertGreater(self.most_at_once(content), 3)

    def most_at_once(self, content):
        """The largest number of trials that one worker had running at one time."""
        changes = collections.defaultdict(list)
        for worker, begin, end in zip(content["trials/worker"], content["trials/started"], content["trials/ended"]):
            changes[worker] += [(begin, 1), (end, -1)]
        most = 0
        for times in changes.values():
            running = 0
            for _, change in sorted(times):
                running += change
                most = max(most, running)
        return most

    def test_every_epoch_is_in_the_results(self):
        self.project["hpo_config"].update(scheduler=None, scheduler_param={}, num_trials=6)
        content = self.assert_study_succeeds(ranks=2)
        curves = collections.defaultdict(list)
        for trial, iteration, loss in zip(content["reports/trial_id"], content["reports/iteration"],
                                          content["reports/metrics/loss"]):
            curves[trial].append((iteration, loss))
        self.assertEqual(sorted(curves), list(range(6)))
        for curve in curves.values():
            self.assertEqual([iteration for iteration, _ in sorted(curve)], list(range(1, 10)))
            self.assertEqual(len({loss for _, loss in curve}), 9)

    def test_scores_do_not_depend_on_the_number_of_workers_and_slots(self):
        self.project["hpo_config"].update(scheduler=None, scheduler_param={}, num_trials=12)
        together = self.assert_study_succeeds(ranks=4)
        self.project["hpo_config"]["slots_per_gpu"] = 1
        alone = self.assert_study_succeeds(ranks=1)
        self.assertEqual(together["trials/metrics/loss_last"], alone["trials/metrics/loss_last"])

    def test_numpy_alone_reproduces_the_score_of_each_exported_model(self):
        import h5py
        import numpy
        self.project["search_space"]["layer_norm"] = {"method": "categorical", "dimension": {"categories": [True, False]}}
        self.project["hpo_config"].update(scheduler=None, scheduler_param={}, num_trials=8)
        content = self.assert_study_succeeds(ranks=2)
        predict = example_script("predict").predict
        with h5py.File(self.folder / "validation.h5") as events:
            kept = (events["pt_1"][:] >= 20) & (events["pt_2"][:] >= 20)
            labels, weights = events["label"][:][kept], events["weight"][:][kept]
            for trial, auc in zip(content["trials/id"], content["trials/metrics/auc_last"]):
                models = list(self.folder.rglob(f"{trial:06}/model.h5"))
                self.assertEqual(len(models), 1)
                with h5py.File(models[0]) as model:
                    scores = predict(model, events)[kept]
                self.assertAlmostEqual(weighted_auc(numpy.asarray(scores), labels, weights), auc, places=4)

    def test_a_misspelt_hyperparameter_is_refused(self):
        self.project["search_space"]["droput"] = self.project["search_space"].pop("dropout")
        self.assert_refused("droput", "did you mean 'dropout'?")

    def test_a_misspelt_metric_is_refused(self):
        self.project["hpo_config"]["metric"] = "aoc"
        self.assert_refused("hpo_config.metric", "did you mean 'auc'?")

    def test_a_missing_file_is_refused(self):
        self.project["model_config"]["param"]["data"] = "trian.h5"
        self.assert_refused("trian.h5", "allowed: an HDF5 file")

    def test_a_missing_column_is_refused(self):
        self.project["model_config"]["param"]["weight"] = "wieght"
        self.assert_refused("'weight' is 'wieght'", "did you mean 'weight'?")

    def test_a_resumed_study_goes_on(self):
        self.project["hpo_config"]["num_trials"] = 6
        self.assert_study_succeeds(ranks=2)
        status, output = engine.run([self.folder / "project.json", "-o", self.results, "--resume", "--trials", "9"],
                                    ranks=2, cwd=self.folder, HPOGRID_DATA_DIR=str(self.folder))
        self.assertEqual(status, 0, output)
        self.assertEqual(len(self.read_results()["trials/id"]), 9)


if __name__ == "__main__":
    unittest.main()
