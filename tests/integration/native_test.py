"""The native trainer under the real engine and the real mpirun, on the events of the example `higgs`."""
import collections
import os
import pathlib
import sys
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "support"))
import native_study  # noqa: E402

FAKE_NVML = os.environ.get("HPOGRID_FAKE_NVML")


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


class NativeTrainer(native_study.NativeStudyTestCase):
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
        curves = self.curves(content)
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

    @unittest.skipUnless(FAKE_NVML, "HPOGRID_FAKE_NVML names no folder with the fake driver")
    def test_all_gpus_of_a_trial_are_asked_of_cuda_and_the_cores_train_where_it_has_none(self):
        self.project["hpo_config"].update(scheduler=None, scheduler_param={}, num_trials=2)
        path = os.pathsep.join(filter(None, (FAKE_NVML, os.environ.get("LD_LIBRARY_PATH"))))
        status, output = self.run_study("--gpus-per-trial", "2", ranks=1, LD_LIBRARY_PATH=path)
        self.assertEqual(status, 0, output)
        self.assertIn("native trials train on the cores, not on GPU-11111111-aaaa, MIG-33333333-cccc (", output)
        self.assertEqual(self.read_results()["trials/state"], ["completed"] * 2)

    def test_numpy_alone_reproduces_the_score_of_each_exported_model(self):
        import h5py
        import numpy
        either = {"method": "categorical", "dimension": {"categories": [True, False]}}
        self.project["search_space"]["layer_norm"] = either
        self.project["search_space"]["batch_norm"] = dict(either, condition={"layer_norm": [False]})
        self.project["hpo_config"].update(scheduler=None, scheduler_param={}, num_trials=8)
        content = self.assert_study_succeeds(ranks=2)
        predict = native_study.example_script("predict").predict
        with h5py.File(self.folder / "validation.h5") as events:
            kept = (events["pt_1"][:] >= 20) & (events["pt_2"][:] >= 20)
            labels, weights = events["label"][:][kept], events["weight"][:][kept]
            for trial, auc in zip(content["trials/id"], content["trials/metrics/auc"]):
                with h5py.File(self.model_of(trial)) as model:
                    scores = predict(model, events)[kept]
                self.assertAlmostEqual(weighted_auc(numpy.asarray(scores), labels, weights), auc, places=4)

    def model_of(self, trial):
        models = list(self.folder.rglob(f"{trial:06}/model.h5"))
        self.assertEqual(len(models), 1)
        return models[0]

    def train_on(self, draw_label, **param):
        """Trains with few rows, so that later epochs are worse ones; answers the results and the validation events."""
        import h5py
        import numpy
        random = numpy.random.default_rng(2)
        for name, count in (("train", 150), ("validation", 400)):
            with h5py.File(self.folder / f"{name}.h5", "w") as file:
                file["x"] = random.normal(0, 1, (count, 3)).astype("f4")
                file["label"] = draw_label(random, file["x"][:]).astype("f4")
        self.project["model_config"]["param"] = {"data": "train.h5", "validation_data": "validation.h5", "epochs": 40, **param}
        self.project["search_space"] = {"lr": {"method": "loguniform", "dimension": {"low": 1e-2, "high": 1e-1, "base": 10}}}
        self.project["hpo_config"].update(scheduler=None, scheduler_param={}, num_trials=4, metric="loss", mode="min",
                                          extra_metrics=[], stop={})
        content = self.assert_study_succeeds(ranks=2)
        pairs = list(zip(content["trials/metrics/loss"], content["trials/metrics/loss_last"]))
        self.assertTrue(any(best < 0.9 * last for best, last in pairs), "no trial ended worse than it was before")
        with h5py.File(self.folder / "validation.h5") as file:
            events = {f"x_{i}": file["x"][:, i] for i in range(3)}
            return content, events, file["label"][:]

    def assert_models_have_loss(self, content, events, loss_of):
        import h5py
        predict = native_study.example_script("predict").predict
        for trial, loss in zip(content["trials/id"], content["trials/metrics/loss"]):
            with h5py.File(self.model_of(trial)) as model:
                self.assertEqual((model.attrs["metric"], model.attrs["objective"]), ("loss", loss))
                iterations = [iteration for one, iteration, value in zip(
                    content["reports/trial_id"], content["reports/iteration"], content["reports/metrics/loss"])
                    if one == trial and value == loss]
                self.assertEqual(model.attrs["training_iteration"], iterations[0])
                self.assertAlmostEqual(loss_of(predict(model, events)) / loss, 1, places=4)

    def test_the_model_of_several_classes_is_that_of_the_best_epoch(self):
        import numpy
        noisy = lambda random, x: numpy.argmax(x + random.normal(0, 1, x.shape), axis=1)  # noqa: E731
        content, events, labels = self.train_on(noisy)

        def cross_entropy(probabilities):
            self.assertEqual(probabilities.shape, (400, 3))
            return -numpy.log(probabilities[numpy.arange(400), labels.astype(int)]).mean()

        self.assert_models_have_loss(content, events, cross_entropy)

    def test_the_model_of_a_regression_is_that_of_the_best_epoch(self):
        import numpy
        noisy = lambda random, x: x[:, 0] * x[:, 1] + random.normal(0, 1, len(x))  # noqa: E731
        content, events, labels = self.train_on(noisy, task="regression")
        self.assert_models_have_loss(content, events, lambda values: numpy.mean((values - labels) ** 2))

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
        content = self.assert_study_succeeds("--resume", "--trials", "9", ranks=2)
        self.assertEqual(len(content["trials/id"]), 9)


if __name__ == "__main__":
    unittest.main()
