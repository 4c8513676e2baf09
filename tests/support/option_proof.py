"""Options that matter: a test that claims to cover one must fail when that option is left out of the command line.

    @proves("report", "--outname=/-o", "--to_csv")
    def test_…(self):

runs the test as it is, then once more without --outname and once more without --to_csv, each with a set-up of its own;
it passes if the first run passes and both others fail. "=" says that values follow the option, "/-o" that it may be
written -o. Commands may be several: "{run,submit}", "hpogrid-engine". tests/integration/options_test.py reads all these
claims and compares them with the options that there are.
"""
import ast
import dataclasses
import functools
import pathlib
import re
import unittest

TESTS = pathlib.Path(__file__).resolve().parents[1]


@dataclasses.dataclass
class _LeftOut:
    command: str
    option: str
    times: int = 0


_left_out = None  # what the test in progress has to do without


def expand(commands):
    """Each command that "{a,b} c" stands for."""
    found = re.search(r"\{([^}]*)\}", commands)
    if not found:
        return [commands]
    return [command for word in found[1].split(",")
            for command in expand(commands[:found.start()] + word + commands[found.end():])]


def long_name(option):
    return option.split("/")[0].rstrip("=")


def _is_value(word):
    return not word.startswith("-") or re.fullmatch(r"-[\d.]+(e-?\d+)?", word) is not None


def without_left_out(program, arguments):
    """The arguments of a program, less the option that is left out at the moment and its values."""
    arguments = [str(argument) for argument in arguments]
    if _left_out is None:
        return arguments
    command = _left_out.command.split()
    if command[0] == program:
        command = command[1:]
    elif program != "hpogrid":
        return arguments
    if arguments[:len(command)] != command:
        return arguments
    names = [name.rstrip("=") for name in _left_out.option.split("/")]
    spellings = {name.replace("-", "_") for name in names}
    takes_values = "=" in _left_out.option
    end = arguments.index("--") if "--" in arguments else len(arguments)
    kept, rest = [], arguments[:end]
    while rest:
        word = rest.pop(0)
        if word.split("=")[0].replace("-", "_") not in spellings:
            kept.append(word)
            continue
        _left_out.times += 1
        while takes_values and "=" not in word and rest and _is_value(rest[0]):
            rest.pop(0)
    return kept + arguments[end:]


def proves(commands, *options):
    def decorate(test):
        @functools.wraps(test)
        def proven(self):
            test(self)
            if _left_out is not None:
                return
            for command in expand(commands):
                for option in options:
                    with self.subTest(left_out=f"{command} {long_name(option)}"):
                        _check_failure(self, command, option)
        return proven
    return decorate


def _check_failure(test_case, command, option):
    global _left_out
    _left_out = _LeftOut(command, option)
    result = unittest.TestResult()
    try:
        type(test_case)(test_case._testMethodName).run(result)
    finally:
        times, _left_out = _left_out.times, None
    test_case.assertGreater(times, 0, "the test does not use the option")
    test_case.assertEqual(result.skipped, [])
    test_case.assertTrue(result.failures or result.errors, "the test passes without the option")


def claims():
    """{(command, long option)} of all tests."""
    found = set()
    for file in TESTS.rglob("*_test.py"):
        for node in ast.walk(ast.parse(file.read_text())):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "proves":
                commands, *options = [ast.literal_eval(argument) for argument in node.args]
                found |= {(command, long_name(option)) for command in expand(commands) for option in options}
    return found
