"""Packages from PyPI in a virtual environment of the tests' own, made once for a build folder."""
import fcntl
import pathlib
import subprocess
import sys
import unittest


def install(folder, *packages):
    """Packages as pip names them, with limits of versions. Raises SkipTest where they cannot be had; who else needs them meanwhile waits."""
    folder = pathlib.Path(folder)
    folder.parent.mkdir(parents=True, exist_ok=True)
    with open(folder.with_suffix(".lock"), "w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        ready = folder / "ready"
        if ready.exists() and ready.read_text().split() == list(packages):
            return
        subprocess.run([sys.executable, "-m", "venv", "--clear", folder], check=True)
        done = subprocess.run([folder / "bin/pip", "install", "--quiet", *packages], capture_output=True, text=True)
        if done.returncode != 0:
            raise unittest.SkipTest(f"{' '.join(packages)} cannot be installed from PyPI: "
                                    f"{' '.join(done.stderr.strip().splitlines()[-1:])}")
        ready.write_text("\n".join(packages))
