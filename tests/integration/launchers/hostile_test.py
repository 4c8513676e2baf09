"""Hostile texts wherever a command takes one: refused in one line or kept intact, and never run."""
import csv
import itertools
import json
import os
import pathlib
import subprocess
import sys
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[2] / "support"))
from hostile import HostileTestCase  # noqa: E402
from hpogrid import ROOT  # noqa: E402
from made_up_results import write_results  # noqa: E402

SCRIPT = ("--script=train.py", "--model=train")


class Names(HostileTestCase):
    def test_no_configuration_and_no_project_gets_one(self):
        space = json.dumps({"x": {"method": "fixed", "dimension": {"value": 1}}})
        making = {"hpo_config": [], "grid_config": [], "model_config": SCRIPT, "search_space": [space],
                  "project": ["--from", ROOT / "configs/digits"]}
        for kind in making:
            self.assertEqual(self.try_out(kind, "create", "good", *making[kind])[0], 0)
        before = sorted(self.base.rglob("*"))

        # The kinds of configurations share their store: each text is tried on one of them, and on projects.
        turns = itertools.cycle(["hpo_config", "grid_config", "model_config", "search_space"])

        def check(text):
            for kind in (next(turns), "project"):
                options = making[kind]
                for words in (["create", text, *options], ["recreate", text, *options], ["update", text],
                              ["show", text], ["copy", "good", text], ["copy", text, "new"], ["export", text],
                              ["where", text], ["remove", text]):
                    self.assertEqual(self.try_out(kind, *words)[0], 2, (kind, words[0]))
                self.try_out(kind, "list", b"--expr=" + text)
            self.assertEqual(sorted(self.base.rglob("*")), before)
        self.each_text(check)
        self.assert_nothing_outside()


class Values(HostileTestCase):
    OPTIONS = {"hpo_config": {"metric": [], "log_dir": [], "extra_metrics": [], "algorithm": [], "mode": [], "stop": [],
                              "num_trials": []},
               "grid_config": {"site": [], "container": [], "inDS": [], "outDS": []},
               "model_config": {"script": ["--model=f"], "model": ["--script=a.py"], "param": SCRIPT,
                                "arguments": ["--script=run.sh"], "result_file": ["--script=run.sh"]}}

    def test_those_of_configurations_are_kept_intact_or_refused(self):
        # Each text in five of them: few rules stand behind many options.
        turns = itertools.cycle([(kind, key, others) for kind, options in self.OPTIONS.items()
                                 for key, others in options.items()])

        def check(text):
            for kind, key, others in itertools.islice(turns, 5):
                if self.try_out(kind, "create", "c", f"--{key}=".encode() + text, *others)[0] == 0:
                    self.assertIn(self.exported(kind, "c")[key], (text.decode(), [text.decode()]), key)
                    self.assertEqual(self.try_out(kind, "show", "c")[0], 0)
                    self.hpogrid(kind, "remove", "c")
        self.each_text(check)

    def test_those_within_json_are_kept_intact_or_refused(self):
        def contents(text):
            return {"search_space": {text: {"method": "categorical", "dimension": {"categories": [text, "b"]}}},
                    "grid_config": {"extra": {"comment": text}},
                    "model_config": {"script": "a.py", "model": "f", "param": {text: text}}}

        def check(text):
            for kind, content in contents(text.decode()).items():
                (self.base / "given.json").write_text(json.dumps(content))
                if self.try_out(kind, "create", "c", "--from", "given.json")[0] == 0:
                    self.assertEqual(self.exported(kind, "c"), content)
                    self.assertEqual(self.try_out(kind, "show", "c")[0], 0)
                    self.hpogrid(kind, "remove", "c")
        self.each_text(check, "not UTF-8")

    def test_paths_are_taken_as_they_are(self):
        self.hpogrid("hpo_config", "create", "c")

        def check(text):
            for words in (["hpo_config", "create", "d", b"--from="], ["project", "create", "p", b"--from="],
                          ["project", "create", "p", b"--scripts_path="]):
                self.assertEqual(self.try_out(*words[:-1], words[-1] + text)[0], 2, words)
            status, output = self.try_out("hpo_config", "export", "c", b"./" + text)
            if status == 0:
                file = self.base / os.fsdecode(b"./" + text)
                self.assertEqual(file.read_text(), "{}\n")
                file.unlink()
        self.each_text(check)


class Runs(HostileTestCase):
    def setUp(self):
        super().setUp()
        self.create_project(trials=1)

    def test_results_outside_the_runs_are_no_project(self):
        (self.base / "some").mkdir()
        self.hpogrid("local_run", "simple", "-o", "some/results.h5", "--", "--progress", "none")
        (self.base / "runs").mkdir(exist_ok=True)
        for name in (".", ".."):
            self.assertNotEqual(self.try_out("report", name)[0], 0)

    def test_no_project_is_found_under_one(self):
        def check(text):
            for command in ("run", "submit", "local_run", "report"):
                self.assertEqual(self.try_out(command, text)[0], 2, command)
        self.each_text(check)
        self.assert_nothing_outside()

    def test_options_of_run_are_refused_or_stand_in_the_command_as_one_word(self):
        numbers = itertools.cycle(["--seed", "--n_jobs", "--time", "--nodes"])

        def check(text):
            for option in ("--search_points", "--backend", next(numbers)):
                self.assertEqual(self.try_out("run", "simple", "--dry-run", f"{option}=".encode() + text)[0], 2, option)
            status, output = self.try_out("run", "simple", "--dry-run", b"--site=" + text)
            if status == 0:
                self.assertIn(b"--site=" + text.strip(), self.words(output))
        self.each_text(check)

    def test_what_follows_two_dashes_reaches_prun_as_it_is(self):
        def check(text):
            status, output = self.try_out("run", "simple", "--dry-run", "--", text)
            if status == 0:
                self.assertEqual(self.words(output)[-1], text)
        self.each_text(check)

    def words(self, output):
        """Those of the command that a dry run shows, as a shell reads it."""
        command = output.partition("It would be submitted there with:\n")[2]
        done = subprocess.run(["bash", "-c", 'prun() { for word; do printf "%s\\0" "$word"; done; }; ' + command],
                              capture_output=True, cwd=self.base)
        self.assertEqual((done.returncode, done.stderr), (0, b""))
        return done.stdout.split(b"\0")[:-1]

    def test_options_of_local_run_are_refused_or_taken_as_they_are(self):
        def check(text):
            for option in ("--search_points", "--ranks"):
                words = ["local_run", "simple", f"{option}=".encode() + text, "--", "--dry-run"]
                self.assertEqual(self.try_out(*words)[0], 2, option)
        self.each_text(check)


class Reports(HostileTestCase):
    def setUp(self):
        super().setUp()
        write_results(self.base / "results.h5", 3, 1)

    def test_columns_are_refused_and_names_of_files_taken_as_they_are(self):
        def check(text):
            self.assertEqual(self.try_out("report", "results.h5", b"--extra=" + text)[0], 2)
            self.assertEqual(self.try_out("report", "results.h5", b"--min=" + text)[0], 2)
            status, _ = self.try_out("report", "results.h5", "--to_csv", b"--outname=./" + text)
            if status == 0:
                file = self.base / os.fsdecode(b"./" + text + b".csv")
                self.assertEqual(file.read_text().count("\n"), 4)
                file.unlink()
        self.each_text(check)

    def test_names_and_values_in_results_are_shown_harmlessly_and_saved_intact(self):
        def check(text):
            name = text.decode()
            write_results(self.base / "results.h5", 3, 1, names={"lr": name}, project=name)
            if self.try_out("report", "results.h5", "--to_json", "--to_csv", "--to_html", "--summary")[0] == 0:
                self.assertIn(name, json.loads((self.base / "hpo_result.json").read_text())[0])
                with open(self.base / "hpo_result.csv", newline="") as file:
                    self.assertIn(name, next(csv.reader(file)))
        # HDF5 takes the first two for paths, and has no empty names.
        self.each_text(check, "not UTF-8", "a parent folder", "an absolute path", "dots", "a dot", "nothing")


class Watching(HostileTestCase):
    def test_no_study_is_found_under_one(self):
        def check(text):
            for source in (text, text + b".h5", b"./" + text):
                self.assertEqual(self.try_out("watch", source, "--once")[0], 2)
        self.each_text(check)

    def test_names_and_values_in_results_are_shown_harmlessly(self):
        def check(text):
            write_results(self.base / "results.h5", 3, 1, names={"lr": text.decode()}, project=text.decode())
            for options in ([], ["--once"]):
                self.assertEqual(self.try_out("watch", "results.h5", *options)[0], 0)
        self.each_text(check, "not UTF-8", "a parent folder", "an absolute path", "dots", "a dot", "nothing")


class Generating(HostileTestCase):
    SPACE = {"x": {"method": "uniform", "dimension": {"low": 0, "high": 1}}}

    def generate(self, *options, points=(), space=None):
        (self.base / "in.json").write_text(json.dumps({"points": points, "opt_space": space or self.SPACE}))
        return self.try_out("generate", "--n_point=1", "--max_point=9", "--infile=in.json", "--outfile=out.json", *options)[0]

    def test_names_and_categories_reach_the_points_intact_or_are_refused(self):
        def check(text):
            name = text.decode()
            space = {name: {"method": "categorical", "dimension": {"categories": [name]}}}
            if self.generate(space=space) == 0:
                self.assertEqual(json.loads((self.base / "out.json").read_text()), [{name: name}])
        self.each_text(check, "not UTF-8")

    def test_results_files_and_methods_are_taken_as_they_are_or_refused(self):
        def check(text):
            self.assertEqual(self.generate(b"--space=" + text), 2)
            self.assertEqual(self.generate(b"--method=" + text), 2)
            if self.generate(b"--outfile=./" + text) == 0:
                file = self.base / os.fsdecode(b"./" + text)
                self.assertEqual(len(json.loads(file.read_text())), 1)
                file.unlink()
        self.each_text(check)

    def test_a_metric_is_looked_up_as_it_is(self):
        def check(text):
            metric = text.decode()
            points = [[{"x": 0.5}, {metric: 1.0}]]
            status = self.generate(b"--metric=" + text, points=points)
            self.assertEqual(status, 2 if metric == "" else 0)
        self.each_text(check, "not UTF-8")


class Elsewhere(HostileTestCase):
    def test_unknown_commands_options_and_arguments_are_refused(self):
        def check(text):
            for words in ([text], ["hpo_config", text], ["hpo_config", "list", text],
                          ["hpo_config", "create", "c", b"--" + text + b"=1"],
                          ["hpo_config", "update", "c", b"--unset=" + text]):
                self.assertEqual(self.try_out(*words)[0], 2, words[:-1])
            self.assertEqual(self.try_out("complete", "--", "hpo_config", "show", text)[0], 0)
            self.assertEqual(self.try_out("tasks", "kill", text, "--dry-run")[0], 2)
            self.assertEqual(self.try_out("sites", b"--from=" + text)[0], 2)
            for option in (b"--range=", b"--jeditaskid=", b"--days=", b"--outcol="):
                self.assertNotEqual(self.try_out("tasks", "show", option + text, "-o", "tasks.json")[0], 0, option)
        self.each_text(check, "nothing")


class Engine(HostileTestCase):
    def test_projects_options_and_their_values_are_refused(self):
        project = os.fsencode(ROOT / "configs/simple_objective")
        # It starts MPI first, which takes its time: each text is tried in two of these places.
        places = itertools.cycle([
            lambda text: [text], lambda text: [project, b"--search-points=" + text], lambda text: [project, text],
            lambda text: [project, b"--" + text + b"=1"], lambda text: [project, b"--trials=" + text],
            lambda text: [project, b"--time-budget=" + text], lambda text: [project, b"--progress=" + text],
            lambda text: [project, b"--output=" + text + b"/"]])

        def check(text):
            for _ in range(2):
                words = [*next(places)(text), "--dry-run"]
                self.assertEqual(self.try_out(*words, program=os.environ["HPOGRID_ENGINE"])[0], 2, words)
        self.each_text(check, "nothing")


if __name__ == "__main__":
    unittest.main()
