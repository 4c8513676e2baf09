"""Studies of native trainers under the real engine, on the events of the example `higgs`."""
import importlib.util
import json
import pathlib

import engine

ROOT = pathlib.Path(__file__).resolve().parents[2]
EXAMPLE = ROOT / "configs/examples/higgs"


def example_script(name):
    spec = importlib.util.spec_from_file_location(name, EXAMPLE / f"scripts/{name}.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


class NativeStudyTestCase(engine.EngineTestCase):
    """A folder with events, and `project`, the example's, to be changed."""

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

    def arguments(self, *more):
        path = self.folder / "project.json"
        path.write_text(json.dumps(self.project))
        return [path, "-o", self.results, *more]

    def start_study(self, *more, ranks=4, **options):
        return engine.start(self.arguments(*more), ranks=ranks, cwd=self.folder, HPOGRID_DATA_DIR=str(self.folder), **options)

    def run_study(self, *more, ranks=4, **options):
        return engine.run(self.arguments(*more), ranks=ranks, cwd=self.folder, HPOGRID_DATA_DIR=str(self.folder), **options)

    def assert_study_succeeds(self, *more, ranks=4):
        status, output = self.run_study(*(more or ["--overwrite"]), ranks=ranks)
        self.assertEqual(status, 0, output)
        return self.read_results()

    def assert_refused(self, *words, arguments=(), ranks=1):
        status, output = self.run_study(*arguments, ranks=ranks)
        self.assertEqual(status, 2, output)
        sentences = [line for line in output.splitlines() if line.strip()]
        self.assertEqual(len(sentences), 1, output)
        for word in words:
            self.assertIn(word, output)

    def curves(self, content, metric="loss"):
        """{trial: [(iteration, value) of each of its reports, in the order in which they came]}."""
        curves = {}
        for trial, iteration, value in zip(content["reports/trial_id"], content["reports/iteration"],
                                           content[f"reports/metrics/{metric}"]):
            curves.setdefault(trial, []).append((iteration, value))
        return curves
