"""The real panda-client in a virtual environment."""
import base64
import json
import os
import pathlib

import pypi

FOLDER = pathlib.Path(os.environ["HPOGRID_PANDA_CLIENT"])
# Any: versions come and go on PyPI.
VERSION = "panda-client>=2.0.3,<3"


def install():
    """Raises SkipTest where the package cannot be had."""
    pypi.install(FOLDER, VERSION)


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
