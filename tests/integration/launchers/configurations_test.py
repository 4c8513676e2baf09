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
REQUIRED = {"script": "train.py", "model": "train"}
FOR_COMMANDS_ONLY = {"arguments", "result_file"}


def required(kind, key):
    """Options without which there is no configuration that this key can be part of."""
    if kind != "model_config":
        return {}
    return {"script": "run.sh"} if key in FOR_COMMANDS_ONLY else REQUIRED


def words(options):
    return [word for key, value in options.items() for word in (f"--{key}", value)]


class ConfigurationOptions(HpogridTestCase):
    def all_options(self, kind):
        completed = self.hpogrid("complete", "--", kind, "create", "--").split()
        return {word[2:] for word in completed} - {"help", "from"}

    def test_the_table_here_knows_every_option(self):
        for kind, options in OPTIONS.items():
            self.assertLessEqual(set(options), self.all_options(kind))
            self.assertEqual(self.all_options(kind) - set(options), set(), f"untested options of {kind}")

    def test_every_option_reaches_the_file_when_creating_and_when_updating(self):
        for kind, options in OPTIONS.items():
            for key, (texts, value) in options.items():
                with self.subTest(kind=kind, option=key):
                    needed = required(kind, key)
                    others = {other: value for other, value in needed.items() if other != key}
                    stored = "num_trials" if key == "trials" else key
                    self.hpogrid(kind, "create", "c", *words(others), f"--{key}", *texts)
                    self.assertEqual(self.exported(kind, "c")[stored], value)
                    self.hpogrid(kind, "recreate", "c", *words(needed))
                    self.hpogrid(kind, "update", "c", f"--{key.replace('_', '-')}", *texts)
                    self.assertEqual(self.exported(kind, "c")[stored], value)
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

    def test_unset_gives_a_key_its_default_again(self):
        self.hpogrid("hpo_config", "create", "c", "--metric", "loss", "--mode", "min")
        self.hpogrid("hpo_config", "update", "c", "--unset", "metric")
        self.assertEqual(self.exported("hpo_config", "c"), {"mode": "min"})


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

    def test_every_help_has_examples(self):
        for group in ("hpo_config", "grid_config", "model_config", "search_space", "project"):
            for command in self.hpogrid("complete", "--", group, "").split():
                self.assertIn("Examples:", self.hpogrid(group, command, "--help"))


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


class Completion(HpogridTestCase):
    SCRIPTS = ROOT / "launchers/completion"

    def setUp(self):
        super().setUp()
        self.environment["PATH"] = f"{pathlib.Path(shutil.which(HPOGRID)).parent}:{os.environ['PATH']}"
        self.hpogrid("hpo_config", "create", "mine")

    def bash(self, *words):
        script = f'source "{self.SCRIPTS / "hpogrid.bash"}"; COMP_WORDS=("$@"); COMP_CWORD=$(($# - 1)); ' \
                 '_hpogrid "$1"; printf "%s\\n" "${COMPREPLY[@]}"'
        return subprocess.run(["bash", "-c", script, "bash", *words], capture_output=True, text=True,
                              env=self.environment).stdout.split()

    def test_bash_completes_commands_names_options_and_choices(self):
        self.assertEqual(self.bash("hpogrid", "hpo_c"), ["hpo_config"])
        self.assertEqual(self.bash("hpogrid", "hpo_config", "show", ""), ["mine"])
        self.assertEqual(self.bash("hpogrid", "hpo_config", "create", "x", "--mo"), ["--mode"])
        self.assertEqual(self.bash("hpogrid", "hpo_config", "create", "x", "--mode", "m"), ["max", "min"])


if __name__ == "__main__":
    unittest.main()
