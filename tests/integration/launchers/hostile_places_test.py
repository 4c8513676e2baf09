"""Every place of every command that takes a text gets hostile ones: each ends in order, nothing is run, and nothing that
is no number counts as one. What the places do with such texts is in hostile_test.py."""
import itertools
import json
import pathlib
import sys
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[2] / "support"))
from command_tree import read_tree  # noqa: E402
from hostile import HostileTestCase, TEXTS  # noqa: E402
from hpogrid import HPOGRID, ROOT  # noqa: E402
from made_up_results import write_results  # noqa: E402

KINDS = ("hpo_config", "grid_config", "model_config", "search_space", "project")
SPACE = json.dumps({"x": {"method": "uniform", "dimension": {"low": 0, "high": 1}}})

# Words with which a command acts, harmlessly; what follows "--" comes last.
ACTING = {
    "run": ["simple", "--dry-run"], "submit": ["simple", "--dry-run"], "local_run": ["simple", "--", "--dry-run"],
    "tasks show": [], "tasks kill": ["41234567", "--dry-run"], "tasks retry": ["41234567", "--dry-run"],
    "explain": ["1305"], "sites": ["--from=queues.json"], "watch": ["results.h5", "--once"],
    "generate": ["--n_point=1", "--max_point=2", "--infile=in.json", "--outfile=out.json", f"--space={SPACE}"],
    "report": ["results.h5"],
    **{f"{kind} {command}": words for kind in KINDS for command, words in {
        "list": [], "show": ["good"], "remove": ["none"], "copy": ["good", "good"], "export": ["good"],
        "where": ["good"]}.items()},
}
MAKING = {"hpo_config": [], "grid_config": [], "model_config": ["--script=train.py", "--model=train"],
          "search_space": [SPACE], "project": [f"--from={ROOT / 'configs/digits'}"]}
ACTING |= {f"{kind} {command}": ["good", *words] for kind, words in MAKING.items()
           for command in ("create", "recreate", "update")}
ACTING["project update"] = ["good"]

# Where a file is written whatever its name: here, not where an absolute path leads.
WRITTEN = {"--output", "--outname", "--outfile", "file"}
NUMBERS = {"N", "S", "NUMBER"}
NO_NUMBERS = ("nan", "inf", "-inf", "1e999", "0x10", "5x", "+5", "1_000", "")


def without(words, option):
    return [word for word in words if word != option and not word.startswith(f"{option}=")]


def at(words, index, *new):
    """The words with others in the place of one, or where there is none, before what follows "--"."""
    end = words.index("--") if "--" in words else len(words)
    return [*words[:min(index, end)], *new, *words[min(index, end) + (index < end):]]


class HostilePlaces(HostileTestCase):
    tree = {}

    @classmethod
    def setUpClass(cls):
        cls.tree = {name: command for name, command in read_tree(HPOGRID).items() if not command.children}

    def setUp(self):
        super().setUp()
        self.create_project(trials=1)
        for kind, words in MAKING.items():
            self.hpogrid(kind, "create", "good", *words)
        write_results(self.base / "results.h5", 3, 1)
        (self.base / "queues.json").write_text(json.dumps({"A_GPU": {"state": "ACTIVE", "resource_type": "gpu"}}))
        (self.base / "in.json").write_text('{"points": [], "opt_space": null}')

    def places(self):
        """(command, option or argument, what its help calls the value, words of a command line with a text there)"""
        for name, command in self.tree.items():
            for option, value in command.options.items():
                if value:
                    words = without(ACTING[name], option)
                    yield (name, option, value,
                           lambda text, words=words, option=option: at(words, len(words), f"{option}=".encode() + text))
            for index, (argument, value) in enumerate(command.positionals.items()):
                yield (name, argument, value, lambda text, words=ACTING[name], index=index: at(words, index, text))

    def test_the_table_here_knows_every_command(self):
        self.assertEqual(set(ACTING), set(self.tree))

    def test_every_command_acts_as_the_table_says(self):
        for name, words in ACTING.items():
            refused = name.split()[-1] in ("create", "copy", "remove")  # what is there, and what is not
            unreachable = name == "tasks show"
            with self.subTest(name):
                self.assertEqual(self.try_out(*name.split(), *words)[0], 2 if refused else 1 if unreachable else 0)

    def test_each_place_takes_or_refuses_hostile_texts_in_order(self):
        texts = itertools.cycle([text if isinstance(text, bytes) else text.encode() for text in TEXTS.values()])
        for name, place, _, words in self.places():
            of_a_table = place.startswith("--") and name.split()[0] in MAKING
            starts_mpi = name == "local_run"
            for text in itertools.islice(texts, 3 if of_a_table or starts_mpi else 7):
                with self.subTest(command=name, place=place, text=text):
                    self.try_out(*name.split(), *words(b"./" + text if place in WRITTEN else text))

    def test_what_is_no_finite_number_is_refused_wherever_one_is_wanted(self):
        tried = set()
        for name, option, value, words in self.places():
            if value.split()[0] in NUMBERS:
                tried.add((name, option))
                for text in NO_NUMBERS:
                    with self.subTest(command=name, option=option, text=text):
                        self.assertEqual(self.try_out(*name.split(), *words(text.encode()))[0], 2)
        self.assertLessEqual({("report", "--min"), ("watch", "--interval"), ("run", "--time")}, tried)


if __name__ == "__main__":
    unittest.main()
