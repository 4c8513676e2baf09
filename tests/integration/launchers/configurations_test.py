"""hpogrid {hpo_config,grid_config,model_config,search_space,project}: every command, and every option of each."""
import json
import os
import pathlib
import shutil
import subprocess
import sys
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[2] / "support"))
from hpogrid import HPOGRID, HpogridTestCase, ROOT  # noqa: E402
from option_proof import proves  # noqa: E402

SPACE = {"lr": {"method": "loguniform", "dimension": {"low": 1e-5, "high": 1e-2, "base": 10}},
         "layers": {"method": "uniformint", "dimension": {"low": 3, "high": 10}}}

# Option: what is written after it, and what must stand in the file.
OPTIONS = {
    "hpo_config": {
        "algorithm": (["sobol"], "sobol"), "algorithm_param": (['{"a": 1}'], {"a": 1}),
        "scheduler": (["none"], "none"), "scheduler_param": (['{"grace_period": 2}'], {"grace_period": 2}),
        "metric": (["loss"], "loss"), "extra_metrics": (["auc", "f1"], ["auc", "f1"]), "mode": (["min"], "min"),
        "resource": (['{"gpu": 1}'], {"gpu": 1}), "num_trials": (["7"], 7), "trials": (["8"], 8),
        "log_dir": (["./logs"], "./logs"), "verbose": ([], True), "max_concurrent": (["3"], 3),
        "stop": (['{"training_iteration": 5}'], {"training_iteration": 5}), "seed": (["9"], 9), "retries": (["2"], 2),
        "trial_timeout": (["1.5"], 1.5), "silence_timeout": (["60"], 60), "slots_per_gpu": (["2"], 2),
        "keep_checkpoints": (["3"], 3), "checkpoint_bytes": (["1000"], 1000),
    },
    "grid_config": {
        "site": (["A_GPU", "B_GPU"], ["A_GPU", "B_GPU"]), "container": (["docker://x/y:1"], "docker://x/y:1"),
        "retry": ([], True), "inDS": (["user.me.data"], "user.me.data"), "outDS": (["user.me.out"], "user.me.out"),
        "extra": (['{"nCore": 8}'], {"nCore": 8}),
    },
    "model_config": {
        "script": (["other.py"], "other.py"), "model": (["Net"], "Net"), "param": (['{"epochs": 3}'], {"epochs": 3}),
        "start": (["spawn"], "spawn"), "arguments": (["a", "b"], ["a", "b"]), "result_file": (["out.json"], "out.json"),
    },
}
OPTIONS["search_space"] = {"search_space": ([json.dumps(SPACE)], SPACE)}
COMMANDS_WITH_KEYS = ("create", "recreate", "update")
REQUIRED = {"script": "train.py", "model": "train"}
FOR_COMMANDS_ONLY = {"arguments", "result_file"}


def required(kind, key):
    """Options without which there is no configuration that this key can be part of."""
    if kind == "search_space":
        return {"search_space": json.dumps({"x": {"method": "fixed", "dimension": {"value": 1}}})}
    if kind != "model_config":
        return {}
    return {"script": "run.sh"} if key in FOR_COMMANDS_ONLY else REQUIRED


def words(options):
    return [word for key, value in options.items() for word in (f"--{key}", value)]


class ConfigurationOptions(HpogridTestCase):
    def all_options(self, kind, command):
        completed = self.hpogrid("complete", "--", kind, command, "--").split()
        return {word[2:] for word in completed} - {"help", "from", "unset"}

    def stored(self, kind, key):
        content = self.exported(kind, "c")
        if kind == "search_space":
            return {name: content[name] for name in SPACE}
        return content["num_trials" if key == "trials" else key]

    def test_the_table_here_knows_every_option(self):
        for kind, options in OPTIONS.items():
            for command in COMMANDS_WITH_KEYS:
                self.assertEqual(self.all_options(kind, command), set(options), f"{kind} {command}")

    def test_every_option_reaches_the_file(self):
        for kind, options in OPTIONS.items():
            for key, (texts, value) in options.items():
                needed = required(kind, key)
                others = {other: value for other, value in needed.items() if other != key}
                spelling = f"--{key.replace('_', '-')}"
                with self.subTest(kind=kind, option=key):
                    self.hpogrid(kind, "create", "c", *words(others), f"--{key}", *texts)
                    self.assertEqual(self.stored(kind, key), value)
                    self.hpogrid(kind, "recreate", "c", *words(needed))
                    self.hpogrid(kind, "update", "c", spelling, *texts)
                    self.assertEqual(self.stored(kind, key), value)
                    self.hpogrid(kind, "recreate", "c", *words(needed))
                    self.hpogrid(kind, "recreate", "c", *words(others), spelling, *texts)
                    self.assertEqual(self.stored(kind, key), value)
                    self.hpogrid(kind, "remove", "c")

    def test_short_names_are_those_of_the_later_releases(self):
        self.hpogrid("hpo_config", "create", "c", "-a", "grid", "-s", "none", "-m", "loss", "-e", "auc", "-o", "min", "-n",
                     "5", "-l", "./l", "-c", "2", "-r", '{"gpu": 1}', "-v", "2")
        self.assertEqual(self.exported("hpo_config", "c"),
                         {"algorithm": "grid", "scheduler": "none", "metric": "loss", "extra_metrics": "auc", "mode": "min",
                          "num_trials": 5, "log_dir": "./l", "max_concurrent": 2, "resource": {"gpu": 1}, "verbose": 2})
        self.hpogrid("grid_config", "create", "c", "-s", "A,B", "-c", "image", "-i", "in", "-o", "out", "-r", "-e", '{"a": 1}')
        self.assertEqual(self.exported("grid_config", "c"), {"site": "A,B", "container": "image", "inDS": "in",
                                                             "outDS": "out", "retry": True, "extra": {"a": 1}})
        self.hpogrid("model_config", "create", "c", "-s", "t.py", "-m", "f", "-p", '{"a": 1}')
        self.hpogrid("search_space", "create", "c", "-s", json.dumps(SPACE))

    def test_minus_one_trial_means_one_a_gpu(self):
        self.hpogrid("hpo_config", "create", "c", "--num_trials", "-1")
        self.assertEqual(self.exported("hpo_config", "c"), {"num_trials": -1})

    def test_flags_can_be_taken_back(self):
        self.hpogrid("grid_config", "create", "c", "--retry")
        self.hpogrid("grid_config", "update", "c", "--retry=false")
        self.assertEqual(self.exported("grid_config", "c"), {"retry": False})

    @proves("{hpo_config,grid_config,model_config,search_space} update", "--unset=")
    def test_unset_gives_a_key_its_default_again(self):
        for kind, (given, key) in {"hpo_config": (["--metric", "loss", "--mode", "min"], "metric"),
                                   "grid_config": (["--inDS", "a", "--site", "B"], "inDS"),
                                   "model_config": (["--start", "spawn", *words(REQUIRED)], "start"),
                                   "search_space": ([json.dumps(SPACE)], "lr")}.items():
            with self.subTest(kind):
                self.hpogrid(kind, "create", "c", *given)
                before = self.exported(kind, "c")
                self.hpogrid(kind, "update", "c", "--unset", key)
                self.assertEqual(self.exported(kind, "c"), {name: before[name] for name in before if name != key})


class EveryKind(HpogridTestCase):
    """Commands that are the same for each kind of configuration and for projects."""

    EXAMPLES = {"hpo_config": {"metric": "loss"}, "grid_config": {"site": "A"}, "model_config": REQUIRED,
                "search_space": SPACE}

    def setUp(self):
        super().setUp()
        for kind, example in self.EXAMPLES.items():
            (self.base / f"{kind}.json").write_text(json.dumps(example))
            self.create(kind, "a")

    def create(self, kind, name, command="create"):
        self.hpogrid(kind, command, name, "--from", f"{kind}.json")

    def all_kinds(self):
        self.hpogrid("project", "create", "a", "--from", ROOT / "configs/simple_objective")
        return (*self.EXAMPLES, "project")

    @proves("{hpo_config,grid_config,model_config,search_space} {create,recreate}", "--from=")
    def test_a_configuration_is_made_from_a_file(self):
        for kind, example in self.EXAMPLES.items():
            with self.subTest(kind):
                self.create(kind, "b")
                self.assertEqual(self.exported(kind, "b"), example)
                changed = {"hpo_config": {"mode": "min"}, "grid_config": {"inDS": "d"}}.get(kind, example)
                (self.base / f"{kind}.json").write_text(json.dumps(changed))
                self.create(kind, "b", "recreate")
                self.assertEqual(self.exported(kind, "b"), changed)

    @proves("{hpo_config,grid_config,model_config,search_space,project} list", "--expr=/-e", "--json")
    def test_lists_can_be_filtered_and_read_by_programs(self):
        for kind in self.all_kinds():
            with self.subTest(kind):
                self.hpogrid(kind, "copy", "a", "b1")
                self.assertEqual(self.hpogrid(kind, "list"), "a\nb1\n")
                self.assertEqual(json.loads(self.hpogrid(kind, "list", "-e", "b*", "--json")), ["b1"])

    @proves("{hpo_config,grid_config,model_config,search_space,project} show", "--json")
    def test_show_prints_json_where_that_is_wanted(self):
        for kind in self.all_kinds():
            with self.subTest(kind):
                self.assertEqual(json.loads(self.hpogrid(kind, "show", "a", "--json")), self.exported(kind, "a"))

    @proves("{hpo_config,grid_config,model_config,search_space,project} export", "--overwrite")
    def test_an_export_replaces_a_file_only_where_that_is_wanted(self):
        for kind in self.all_kinds():
            with self.subTest(kind):
                self.hpogrid(kind, "export", "a", "out.json", "--overwrite")
                self.assertIn("exists already", self.refusal(kind, "export", "a", "out.json"))
                self.hpogrid(kind, "export", "a", "out.json", "--overwrite")
                self.assertEqual(json.loads((self.base / "out.json").read_text()), self.exported(kind, "a"))


class ConfigurationCommands(HpogridTestCase):
    def test_a_search_space_stands_behind_its_name_and_is_updated_by_hyperparameter(self):
        self.hpogrid("search_space", "create", "s", json.dumps(SPACE))
        changed = {"layers": {"method": "fixed", "dimension": {"value": 4}}}
        self.hpogrid("search_space", "update", "s", json.dumps(changed))
        self.assertEqual(self.exported("search_space", "s"), {**SPACE, **changed})
        self.assertIn("loguniform", self.hpogrid("search_space", "show", "s"))

    def test_files_go_through_export_and_from(self):
        self.hpogrid("search_space", "create", "s", json.dumps(SPACE))
        self.hpogrid("search_space", "export", "s", "space.json")
        self.hpogrid("search_space", "create", "t", "--from", "space.json")
        self.assertEqual(self.exported("search_space", "t"), SPACE)
        self.assertIn("exists already", self.refusal("search_space", "export", "s", "space.json"))
        self.hpogrid("search_space", "export", "s", "space.json", "--overwrite")
        self.hpogrid("search_space", "copy", "s", "u")
        self.assertEqual(self.exported("search_space", "u"), SPACE)

    def test_list_show_where_and_remove(self):
        for name in ("a1", "a2", "b1"):
            self.hpogrid("hpo_config", "create", name, "--metric", name)
        self.assertEqual(self.hpogrid("hpo_config", "list").split(), ["a1", "a2", "b1"])
        self.assertEqual(json.loads(self.hpogrid("hpo_config", "list", "-e", "a*", "--json")), ["a1", "a2"])
        self.assertRegex(self.hpogrid("hpo_config", "show", "a1"), r"metric +a1\n")
        self.assertEqual(json.loads(self.hpogrid("hpo_config", "show", "a1", "--json")), {"metric": "a1"})
        self.assertEqual(self.hpogrid("hpo_config", "where", "a1").strip(), str(self.base / "config/hpo/a1.json"))
        self.hpogrid("hpo_config", "remove", "a*")
        self.assertEqual(self.hpogrid("hpo_config", "list").split(), ["b1"])
        self.assertEqual(len(list((self.base / "config/hpo/backup").iterdir())), 2)

    def test_nothing_is_overwritten_silently(self):
        self.hpogrid("hpo_config", "create", "a", "--metric", "loss")
        self.assertIn("recreate or update", self.refusal("hpo_config", "create", "a", "--metric", "auc"))
        self.assertEqual(self.exported("hpo_config", "a"), {"metric": "loss"})
        self.assertIn("backup/a_", self.hpogrid("hpo_config", "recreate", "a", "--metric", "auc"))

    def test_hostile_texts_are_kept_intact_or_refused_and_never_run(self):
        for text in ("$(touch run)", "`touch run`", "'; touch run; '", '"; touch run; "', "x" * 4000, "../../x"):
            self.hpogrid("grid_config", "create", "g", "--container", text, "--inDS", text)
            self.assertEqual(self.exported("grid_config", "g"), {"container": text, "inDS": text})
            self.hpogrid("grid_config", "remove", "g")
            self.refusal("grid_config", "create", text)
            self.refusal("grid_config", "create", "g", "--site", text + " ")
        self.refusal("grid_config", "create", "g", "--container", "a\nb")
        self.refusal("grid_config", "create", "g", "--container", "x" * 10000)
        self.assertFalse((self.base / "run").exists())

    def test_a_full_disk_leaves_the_old_file(self):
        self.hpogrid("hpo_config", "create", "a", "--metric", "loss")
        folder = self.base / "config/hpo"
        if os.geteuid() == 0 and subprocess.run(["unshare", "-m", "true"], capture_output=True).returncode != 0:
            self.skipTest("needs to mount")
        script = 'mount -t tmpfs -o size=4k none "$1" && cp "$2" "$1/a.json" && head -c 4096 /dev/zero >"$1/fill"; ' \
                 '"$3" hpo_config update a --metric auc; status=$?; cat "$1/a.json"; exit $status'
        shutil.copy(folder / "a.json", self.base / "kept.json")
        done = subprocess.run(["unshare", "-m", "sh", "-c", script, "sh", folder, self.base / "kept.json",
                               shutil.which(HPOGRID)], capture_output=True, text=True, env=self.environment)
        self.assertEqual(done.returncode, 4, done.stderr)
        self.assertEqual(json.loads(done.stdout), {"metric": "loss"})


class Projects(HpogridTestCase):
    def test_a_project_is_what_the_engine_reads(self):
        folder = self.create_project()
        config = json.loads((folder / "config/project_config.json").read_text())
        self.assertEqual(config["hpo_config"], {"metric": "loss", "mode": "min", "num_trials": 6})
        self.assertTrue((folder / "scripts/simple_objective.py").exists())
        self.assertRegex(self.hpogrid("project", "show", "simple"), r"num_trials +6\n")
        done = subprocess.run([os.environ["HPOGRID_ENGINE"], "simple", "--dry-run"], cwd=self.base, capture_output=True,
                              text=True, env=self.environment)
        self.assertEqual(done.returncode, 0, done.stderr)

    def test_update_recreate_copy_export_and_remove(self):
        self.create_project()
        self.hpogrid("hpo_config", "create", "other", "--metric", "loss", "--trials", "3")
        self.hpogrid("project", "update", "simple", "--hpo_config", "other")
        self.assertEqual(self.exported("project", "simple")["hpo_config"], {"metric": "loss", "num_trials": 3})
        self.hpogrid("project", "copy", "simple", "twin")
        self.assertEqual(self.exported("project", "twin")["project_name"], "twin")
        self.hpogrid("project", "create", "third", "--from", ROOT / "configs/simple_trainable")
        self.assertTrue((self.base / "projects/third/scripts/simple_trainable.py").exists())
        self.assertEqual(self.hpogrid("project", "list").split(), ["simple", "third", "twin"])
        self.hpogrid("project", "recreate", "twin", "--from", "projects/simple", "--hpo_config", "simple_search")
        self.assertEqual(self.exported("project", "twin")["hpo_config"]["num_trials"], 6)
        self.hpogrid("project", "remove", "twin")
        self.assertEqual(len(list((self.base / "projects/backup").glob("twin_*"))), 2)

    @proves("project {create,recreate,update}", "--scripts_path=/-p", "--model_config=/-m", "--search_space=/-s",
            "--hpo_config=/-o", "--grid_config=/-g")
    def test_a_project_has_the_parts_that_are_named(self):
        self.create_project("first")
        scripts = self.base / "mine"
        for command in ("create", "recreate", "update"):
            with self.subTest(command):
                scripts.mkdir(exist_ok=True)
                (scripts / "simple_objective.py").write_text(f"def simple_objective(config): pass  # {command}\n")
                parts = {"model_config": ["--script", "simple_objective.py", "--model", command],
                         "search_space": [json.dumps(SPACE)], "hpo_config": ["--metric", command],
                         "grid_config": ["--inDS", f"user.me.{command}"]}
                for kind, given in parts.items():
                    self.hpogrid(kind, "create", command, *given)
                if command != "create":
                    self.hpogrid("project", "copy", "first", command)
                self.hpogrid("project", command, command, "-p", scripts, "-m", command, "-s", command, "-o", command,
                             "-g", command)
                project = self.exported("project", command)
                for kind in parts:
                    self.assertEqual(project[kind], self.exported(kind, command))
                copied = self.base / f"projects/{command}/scripts/simple_objective.py"
                self.assertIn(f"# {command}", copied.read_text())

    @proves("project {create,recreate}", "--from=")
    def test_a_project_is_made_from_another(self):
        self.create_project()
        self.hpogrid("project", "create", "mine", "--from", ROOT / "configs/simple_trainable")
        self.assertTrue((self.base / "projects/mine/scripts/simple_trainable.py").exists())
        self.hpogrid("project", "recreate", "mine", "--from", "projects/simple")
        self.assertTrue((self.base / "projects/mine/scripts/simple_objective.py").exists())


if __name__ == "__main__":
    unittest.main()
