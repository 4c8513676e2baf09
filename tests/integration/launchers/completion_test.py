"""Help and completion of every command, compared with the tree of commands."""
import os
import pathlib
import re
import shlex
import shutil
import subprocess
import sys
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[2] / "support"))
from command_tree import read_command, read_tree  # noqa: E402
from hpogrid import HPOGRID, HpogridTestCase, ROOT  # noqa: E402

SCRIPTS = ROOT / "launchers/completion"

# Each reads command lines, one a line with tabs between the words, the last of which is being written, and answers a line
# of candidates for each.
BASH = f"""
source "{SCRIPTS}/hpogrid.bash"
while IFS= read -r line; do
    mapfile -t -d $'\\t' COMP_WORDS < <(printf '%s' "$line")
    [[ $line == *$'\\t' ]] && COMP_WORDS+=("")
    COMP_CWORD=$((${{#COMP_WORDS[@]}} - 1)) COMPREPLY=()
    _hpogrid "${{COMP_WORDS[0]}}"
    echo "${{COMPREPLY[*]}}"
done
"""
ZSH = f"""
compadd() {{ print -r -- "${{candidates[*]}}"; }}
_files() {{ print; }}
complete_it() {{ source "{SCRIPTS}/_hpogrid"; }}
while IFS= read -r line; do
    words=("${{(@ps:\\t:)line}}")
    CURRENT=$#words
    complete_it
done
"""


class Completion(HpogridTestCase):
    def setUp(self):
        super().setUp()
        self.environment["PATH"] = f"{pathlib.Path(shutil.which(HPOGRID)).parent}:{os.environ['PATH']}"
        self.hpogrid("hpo_config", "create", "mine")

    def completed(self, shell, lines):
        """The candidates of each command line."""
        script = {"bash": ["bash", "-c", BASH], "zsh": ["zsh", "-fc", ZSH]}[shell]
        done = subprocess.run(script, input="".join("\t".join(line) + "\n" for line in lines), capture_output=True,
                              text=True, env=self.environment, timeout=120)
        self.assertEqual((done.returncode, done.stderr), (0, ""))
        answers = [line.split() for line in done.stdout.splitlines()]
        self.assertEqual(len(answers), len(lines))
        return answers

    def check(self, shell):
        tree = read_tree(HPOGRID)
        lines = [["hpogrid", *name.split(), word] for name in tree for word in ("", "--")]
        answers = dict(zip(map(tuple, lines), self.completed(shell, lines)))
        for name, command in tree.items():
            with self.subTest(name):
                if command.children:
                    self.assertEqual(answers["hpogrid", *name.split(), ""], list(command.children))
                options = set(answers["hpogrid", *name.split(), "--"])
                self.assertLessEqual({"--help", *command.options}, options)
                for further in options - {"--help", *command.options}:
                    self.assertIn(f",{further}", command.help)
        names = self.completed(shell, [
            ["hpogrid", "hpo_c"], ["hpogrid", "hpo_config", "show", ""], ["hpogrid", "hpo_config", "create", "x", "--mo"],
            ["hpogrid", "hpo_config", "create", "x", "--mode", "m"], ["hpogrid", "run", "x", "--backend", ""],
            ["hpogrid-submit", "x", "--backend", "s"], ["hpogrid-submit", "x", "--n_j"], ["hpogrid", "nonsense", ""]])
        self.assertEqual(names, [["hpo_config"], ["mine"], ["--mode"], ["max", "min"], ["panda", "slurm", "local"],
                                 ["slurm"], ["--n_jobs"], []])

    def test_bash_completes_every_command_and_option(self):
        self.check("bash")

    def test_zsh_completes_every_command_and_option(self):
        if not shutil.which("zsh"):
            self.skipTest("zsh is not installed")
        self.check("zsh")


class Help(HpogridTestCase):
    def test_every_help_has_examples_that_are_commands(self):
        tree = read_tree(HPOGRID)
        tree["hpogrid-submit"] = read_command(os.environ["HPOGRID_SUBMIT"])
        for name, command in tree.items():
            with self.subTest(name):
                examples = command.help.partition("\nExamples:\n")[2].replace("\\\n", "").strip().splitlines()
                self.assertTrue(examples)
                for example in examples:
                    self.check_example(tree, name, shlex.split(example, comments=True))

    def check_example(self, tree, name, words):
        """It is one of this command or of those below it, and all its options are known."""
        here = words.index("--") if "--" in words else len(words)
        given = [word.split("=")[0] for word in words[:here] if re.match("-[a-z-]", word)]
        if words[0] == "hpogrid-submit":
            self.assertEqual(name, "hpogrid-submit")
            command = tree[name]
        else:
            self.assertEqual(words[0], "hpogrid")
            command = max((each for each in tree.values() if words[1:1 + len(each.name.split())] == each.name.split()),
                          key=lambda each: len(each.name))
            self.assertTrue(command.name.startswith(name), words)
            self.assertFalse(command.children, words)
        for option in given:
            self.assertRegex(command.help, rf"(?m)^  (-\w,)?(\S+,)?{re.escape(option)}[, ]", words)

    def test_defaults_in_a_help_are_those_that_are_shown(self):
        for kind in ("hpo_config", "grid_config"):
            text = self.hpogrid(kind, "create", "--help")
            self.hpogrid(kind, "create", "c", *(() if kind == "hpo_config" else ("--inDS", "x")))
            shown = self.hpogrid(kind, "show", "c")
            for key, value in re.findall(r"--(\w+) \S+.*\[default (.*)\]$", text, re.MULTILINE):
                with self.subTest(kind=kind, key=key):
                    self.assertRegex(shown, rf"(?m)^{key} +{re.escape(value.strip(chr(34)))} +default$")


if __name__ == "__main__":
    unittest.main()
