"""The real panda-client in a virtual environment, made once for a build folder."""
import base64
import json
import os
import pathlib
import subprocess
import sys
import unittest

FOLDER = pathlib.Path(os.environ["HPOGRID_PANDA_CLIENT"])
VERSION = "2.0.2"


def install():
    """Raises SkipTest where the package cannot be had."""
    ready = FOLDER / f"ready-{VERSION}"
    if ready.exists():
        return
    subprocess.run([sys.executable, "-m", "venv", "--clear", FOLDER], check=True)
    done = subprocess.run([FOLDER / "bin/pip", "install", "--quiet", f"panda-client=={VERSION}"], capture_output=True,
                          text=True)
    if done.returncode != 0:
        raise unittest.SkipTest(f"panda-client cannot be installed from PyPI: {done.stderr.strip().splitlines()[-1:]}")
    ready.touch()


def token(nickname="tester"):
    """An unsigned token as the client reads it."""
    def part(content):
        return base64.urlsafe_b64encode(json.dumps(content).encode()).decode().rstrip("=")
    claims = {"name": "Test Er", "preferred_username": nickname, "groups": ["/atlas"], "exp": 4102444800}
    return f"{part({'alg': 'none'})}.{part(claims)}."


def environment(folder):
    """What its set-up script and a login would set."""
    site_packages = next(FOLDER.glob("lib/python*/site-packages"))
    return {"PATH": f"{FOLDER}/bin:{os.environ['PATH']}", "PANDA_SYS": str(FOLDER), "PANDA_PYTHONPATH": str(site_packages),
            "VIRTUAL_ENV": str(FOLDER), "PANDA_CONFIG_ROOT": str(folder / ".pathena"), "HOME": str(folder),
            "PANDA_AUTH": "oidc", "PANDA_AUTH_VO": "atlas", "PANDA_AUTH_ID_TOKEN": token(), "RUCIO_ACCOUNT": "tester"}
