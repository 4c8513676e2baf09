"""Networks that a study of the example `higgs` leaves as ONNX, in ONNX Runtime, beside the example in NumPy."""
import json
import os
import pathlib
import subprocess
import sys
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "support"))
import native_study  # noqa: E402
import pypi  # noqa: E402

RUNTIME = pathlib.Path(os.environ["HPOGRID_ONNXRUNTIME"])
ACTIVATIONS = ["relu", "gelu", "silu", "tanh", "elu", "sigmoid", "leaky_relu"]
APPLY = """if True:
    import json, sys, numpy, onnxruntime
    rows = numpy.load(sys.argv[1])
    for path in sys.argv[2:]:
        session = onnxruntime.InferenceSession(path, providers=["CPUExecutionProvider"])
        about = session.get_modelmeta().custom_metadata_map
        x = numpy.stack([rows[name] for name in json.loads(about["features"])], axis=1)
        numpy.save(path + ".npy", session.run(None, {"features": x})[0])
        print(json.dumps(about | {"output": session.get_outputs()[0].name}))
"""


class Onnx(native_study.NativeStudyTestCase):
    def setUp(self):
        super().setUp()
        self.project["search_space"] = {"activation": self.choice(*ACTIVATIONS), "layer_norm": self.choice(True, False),
                                        "batch_norm": dict(self.choice(True, False), condition={"layer_norm": [False]})}
        self.project["model_config"]["param"].update(epochs=2, lr=0.01)
        # With the weights nearly all is background, and all scores are small.
        del self.project["model_config"]["param"]["weight"]
        self.project["hpo_config"].update(scheduler=None, scheduler_param={}, num_trials=21, stop={}, metric="loss",
                                          mode="min", extra_metrics=[])

    @staticmethod
    def choice(*categories):
        return {"method": "categorical", "dimension": {"categories": list(categories)}}

    def files(self, name):
        return sorted(self.folder.rglob(f"*/{name}"))

    def run_with_onnx(self):
        self.project["model_config"]["param"]["export"] = ["hdf5", "onnx"]
        status, output = self.run_study("--overwrite", ranks=2)
        if "ONNX was not there" in output:
            self.skipTest(output)
        self.assertEqual(status, 0, output)
        return self.read_results()

    def assert_same_as_numpy(self, output):
        """Applies all exported models to the validation events; answers what each says of itself."""
        import h5py
        import numpy
        pypi.install(RUNTIME, "onnxruntime", "numpy")
        models = self.files("model.onnx")
        with h5py.File(self.folder / "validation.h5") as file:
            events = {name: file[name][:].astype("f4") for name in file}
        rows = numpy.empty(1000, dtype=[(name, "f4") for name in events])
        for name in events:
            rows[name] = events[name]
        numpy.save(self.folder / "rows.npy", rows)
        done = subprocess.run([RUNTIME / "bin/python", "-c", APPLY, self.folder / "rows.npy", *models], text=True,
                              capture_output=True, env={"PATH": os.environ["PATH"]})
        self.assertEqual(done.returncode, 0, done.stderr)
        abouts = [json.loads(line) for line in done.stdout.splitlines()]
        self.assertEqual(len(abouts), len(models))
        predict = native_study.example_script("predict").predict
        for path, about in zip(models, abouts):
            with h5py.File(path.with_name("model.h5")) as model:
                expected = predict(model, events)
                self.assertEqual(float(about["objective"]), model.attrs["objective"])
            given = numpy.load(f"{path}.npy")
            self.assertEqual((given.dtype, given.shape), (numpy.float32, expected.shape))
            self.assertGreater(expected.std(), 0.01, "all events score alike")
            numpy.testing.assert_allclose(given, expected, rtol=0, atol=1e-5, err_msg=about["hyperparameters"])
            self.assertEqual(about["output"], output)
        return abouts

    def test_probabilities_of_two_classes_are_those_of_numpy(self):
        content = self.run_with_onnx()
        abouts = self.assert_same_as_numpy("probability")
        self.assertEqual(len(abouts), 21)
        tried = [json.loads(about["hyperparameters"]) for about in abouts]
        self.assertEqual({one["activation"] for one in tried}, set(ACTIVATIONS))
        self.assertEqual({(one["layer_norm"], one.get("batch_norm", False)) for one in tried},
                         {(True, False), (False, True), (False, False)})
        self.assertEqual([one["activation"] for one in tried], content["trials/params/activation"])
        self.assertEqual([float(about["objective"]) for about in abouts], content["trials/metrics/loss"])

    def write_other_labels(self, label):
        import h5py
        for name in ("train", "validation"):
            with h5py.File(self.folder / f"{name}.h5", "r+") as file:
                file["other"] = label({column: file[column][:] for column in file}).astype("f4")
                del file["label"]
        del self.project["search_space"]["batch_norm"]
        self.project["model_config"]["param"].update(label="other")
        self.project["hpo_config"].update(num_trials=2)

    def test_probabilities_of_three_classes_are_those_of_numpy(self):
        import numpy
        self.write_other_labels(lambda events: numpy.digitize(events["pt_1"], [30, 60]))
        self.run_with_onnx()
        self.assertEqual({about["classes"] for about in self.assert_same_as_numpy("probabilities")}, {"[0,1,2]"})

    def test_the_value_of_a_regression_is_that_of_numpy(self):
        import numpy
        self.write_other_labels(lambda events: numpy.log(events["pt_1"] + events["pt_2"]))
        self.project["model_config"]["param"]["task"] = "regression"
        self.run_with_onnx()
        self.assertNotIn("classes", self.assert_same_as_numpy("value")[0])

    def test_the_files_are_those_that_were_asked_for(self):
        self.project["hpo_config"]["num_trials"] = 2
        self.project["model_config"]["param"]["export"] = ["hdf5"]
        self.assert_study_succeeds()
        self.assertEqual((len(self.files("model.h5")), len(self.files("model.onnx"))), (2, 0))
        self.run_with_onnx()
        self.assertEqual((len(self.files("model.h5")), len(self.files("model.onnx"))), (2, 2))

    def test_a_misspelt_format_is_refused(self):
        self.project["model_config"]["param"]["export"] = ["onxx"]
        self.assert_refused("'export' names \"onxx\"", "did you mean 'onnx'?")

    def test_a_format_is_nothing_to_search_for(self):
        self.project["search_space"]["export"] = self.choice("hdf5", "onnx")
        self.assert_refused("'export'", "the same for all trials")


if __name__ == "__main__":
    unittest.main()
