"""Tests that wait for other programs most of the time, side by side in threads.

    def load_tests(loader, tests, pattern):
        return AtOnce(tests, workers=4)
"""
import concurrent.futures
import unittest

_OUTCOMES = ("addSuccess", "addError", "addFailure", "addSkip", "addExpectedFailure", "addUnexpectedSuccess", "addSubTest")


class _Recorder(unittest.TestResult):
    """Keeps what it is told of a test until that can be told in its turn."""

    def __init__(self):
        super().__init__()
        self.outcomes = []

    def replay(self, result):
        for name, arguments in self.outcomes:
            getattr(result, name)(*arguments)


def _recording(name):
    def record(self, *arguments):
        self.outcomes.append((name, arguments))
    return record


for _name in _OUTCOMES:
    setattr(_Recorder, _name, _recording(_name))


def _each(tests):
    for test in tests:
        if isinstance(test, unittest.TestSuite):
            yield from _each(test)
        else:
            yield test


def _record(test):
    recorder = _Recorder()
    test.run(recorder)
    return test, recorder


class AtOnce(unittest.TestSuite):
    """Has no use for setUpModule and setUpClass: what tests share, they ask for."""

    def __init__(self, tests, workers):
        super().__init__(_each(tests))
        self._workers = workers

    def run(self, result, debug=False):
        with concurrent.futures.ThreadPoolExecutor(self._workers) as pool:
            for test, recorder in pool.map(_record, list(self)):
                result.startTest(test)
                recorder.replay(result)
                result.stopTest(test)
        return result
