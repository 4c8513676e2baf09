"""Texts that a careless program would run, split, cut, resolve or print; and what no command may do with them."""
import os
import pathlib
import re
import subprocess

from hpogrid import HPOGRID, HpogridTestCase

CANARY = "canary"  # a file of this name means that something was run

TEXTS = {
    "single quotes": f"a'; touch {CANARY}; '",
    "double quotes": f'a"; touch {CANARY}; "',
    "substitution": f"$(touch {CANARY})",
    "backticks": f"`touch {CANARY}`",
    "a variable": "${HOME}",
    "operators": f"a; touch {CANARY} & touch {CANARY} | touch {CANARY} && touch {CANARY}",
    "a newline": f"a\ntouch {CANARY}\n",
    "a carriage return": "a\rb",
    "a terminal's escape": "\x1b[31mred\x1b]0;title\x07",
    "control characters": "a\x01\x08\x7fb",
    "a control character of Latin-1": "a\x9bb",
    "a direction override": "a\u202eb",
    "not UTF-8": b"a\xff\xfeb",
    "a parent folder": "../outside",
    "an absolute path": "/hpogrid-outside",
    "dots": "..",
    "a dot": ".",
    "ten thousand characters": "x" * 10_000,
    "a short option": "-rf",
    "a long option": "--recursive",
    "an option with a value": f"--exec=touch {CANARY}",
    "a dash": "-",
    "a pattern": "[a-z]?",
    "a place in a template": "@project@",
    "a place of PanDA": "%RNDM:1 %IN",
    "a format": "%s%n{}{0}",
    "backslashes": "\\n\\x41\\",
    "spaces": " a b ",
    "an assignment": f"PATH=. {CANARY}",
    "nothing": "",
    "a quote of JSON": '"}, "site": "X", {"',
}


def harmless(text):
    """Whether this may be printed: no control characters but the ends of lines."""
    return re.search(r"[\x00-\x09\x0b-\x1f\x7f-\x9f]", text) is None


class HostileTestCase(HpogridTestCase):
    """A workspace in a folder of its own, and no server within reach."""

    def setUp(self):
        super().setUp()
        self.outer = self.base
        self.base = self.outer / "workspace"
        self.base.mkdir()
        # Port 9 is the one that discards: no monitor and no list of queues is within reach.
        self.environment.update(HPOGRID_BASE_PATH=str(self.base), RUCIO_ACCOUNT="tester",
                                HPOGRID_BIGPANDA_URL="http://127.0.0.1:9", HPOGRID_CRIC_URL="http://127.0.0.1:9")

    def try_out(self, *arguments, program=HPOGRID):
        """Its status and output, of a command that has ended in order."""
        words = [argument if isinstance(argument, bytes) else os.fsencode(str(argument)) for argument in arguments]
        done = subprocess.run([program, *words], cwd=self.base, env=self.environment, capture_output=True,
                              stdin=subprocess.DEVNULL, timeout=60)
        output, complaint = done.stdout.decode("utf-8"), done.stderr.decode("utf-8")
        self.assertIn(done.returncode, (1,) if "cannot be reached" in complaint else (0, 2, 4), complaint)
        self.assertTrue(harmless(output), output)
        if done.returncode != 0:
            self.assertEqual((complaint.count("\n"), complaint[-1:]), (1, "\n"), complaint)
            self.assertTrue(harmless(complaint), complaint)
            self.assertLess(len(complaint), 6000)
        self.assertFalse(list(self.outer.rglob(CANARY)))
        return done.returncode, output

    def each_text(self, check, *but):
        """Hands each text to the check; tells of every one that fails."""
        for what, text in TEXTS.items():
            if what not in but:
                with self.subTest(what):
                    check(text if isinstance(text, bytes) else text.encode())

    def assert_nothing_outside(self):
        self.assertEqual(list(self.outer.iterdir()), [self.base])
        self.assertFalse(pathlib.Path("/hpogrid-outside").exists())
