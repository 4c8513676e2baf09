"""Every option of every command has a test that fails when the option is ignored (support/option_proof.py)."""
import os
import pathlib
import sys
import unittest

HERE = pathlib.Path(__file__).resolve().parent
sys.path[:0] = [str(HERE.parent / "support"), str(HERE / "launchers")]
import configurations_test  # noqa: E402
import option_proof  # noqa: E402
from command_tree import read_command, read_tree  # noqa: E402
from hpogrid import HPOGRID, HpogridTestCase  # noqa: E402
from option_proof import proves  # noqa: E402

ENGINE, SUBMIT = os.environ["HPOGRID_ENGINE"], os.environ["HPOGRID_SUBMIT"]


class EveryOption(HpogridTestCase):
    def there_are(self):
        """{(command, option)}"""
        commands = {name or "hpogrid": command for name, command in read_tree(HPOGRID).items()}
        commands["hpogrid-engine"] = read_command(ENGINE)
        return {(name, option) for name, command in commands.items() for option in command.options}

    def test_there_is_a_test_for_each_and_no_test_for_what_is_not_there(self):
        # Keys of configurations are tested by a table, with each command that takes them.
        keys = {(f"{kind} {command}", f"--{key}") for kind, table in configurations_test.OPTIONS.items()
                for key in table for command in configurations_test.COMMANDS_WITH_KEYS}
        self.assertEqual(self.there_are() - option_proof.claims() - keys, set(), "options without a test")
        self.assertEqual((option_proof.claims() | keys) - self.there_are(), set(), "tests without an option")

    def test_hpogrid_submit_has_the_options_of_run(self):
        submit = read_command(SUBMIT)
        self.assertEqual(submit.options, read_command(HPOGRID, "run").options | {"--version": ""})
        self.assertIn("\n  hpogrid-submit my_project --n_jobs 3\n", submit.help)

    @proves("hpogrid", "--version")
    def test_the_version_is_printed(self):
        self.assertRegex(self.hpogrid("--version"), r"^hpogrid \d+\.\d+\.\d+\n$")


class Proof(unittest.TestCase):
    """The proof itself: which tests it lets pass."""

    def outcome(self, covered, body):
        class Case(HpogridTestCase):
            @option_proof.proves("hpo_config list", covered)
            def test_it(self):
                self.hpogrid("hpo_config", "create", "a")
                body(self)
        result = unittest.TestResult()
        Case("test_it").run(result)
        return result.wasSuccessful()

    def test_one_that_needs_the_option_passes(self):
        self.assertTrue(self.outcome("--expr=/-e", lambda case: case.assertEqual(
            case.hpogrid("hpo_config", "list", "-e", "b*"), "")))

    def test_one_that_passes_without_the_option_fails(self):
        self.assertFalse(self.outcome("--expr=/-e", lambda case: case.assertEqual(
            case.hpogrid("hpo_config", "list", "--expr", "a*"), "a\n")))

    def test_one_that_does_not_use_the_option_fails(self):
        self.assertFalse(self.outcome("--json", lambda case: case.assertEqual(
            case.hpogrid("hpo_config", "list"), "a\n")))


if __name__ == "__main__":
    unittest.main()
