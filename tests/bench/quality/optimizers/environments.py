"""Virtual environments of the peers and of the tabular data: one each, because their dependencies exclude each
other."""
import fcntl
import hashlib
import json
import pathlib
import shutil
import subprocess
import sys


class Environment:
    """A virtual environment with these requirements, made when it is first needed. What could not be installed is
    remembered with its reason, until `again`."""

    def __init__(self, root, name, requirements, debian_packages=False, again=False):
        """`debian_packages`: whether the interpreter's own packages are seen, such as Debian's torch."""
        wanted = json.dumps([sys.version, requirements, debian_packages])
        self.folder = pathlib.Path(root) / f"{name}-{hashlib.sha256(wanted.encode()).hexdigest()[:8]}"
        self.requirements = requirements
        self.debian_packages = debian_packages
        self.again = again

    @property
    def python(self):
        return self.folder / "bin" / "python"

    def site_packages(self):
        return next(self.folder.glob("lib/python3*/site-packages"))

    def problem(self):
        """Why it cannot be used, None if it can. Installs it if that was not tried yet."""
        self.folder.mkdir(parents=True, exist_ok=True)
        state = self.folder / "state.json"
        with open(self.folder / "lock", "w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            if state.exists():
                problem = json.loads(state.read_text())["problem"]
                if problem is None or not self.again:
                    return problem
            problem = self._install()
            state.write_text(json.dumps({"problem": problem}))
            return problem

    def _install(self):
        print(f"installing {' '.join(self.requirements)}", file=sys.stderr)
        options = ["--system-site-packages"] if self.debian_packages else []
        shutil.rmtree(self.folder / "lib", ignore_errors=True)
        commands = ([sys.executable, "-m", "venv", *options, self.folder],
                    [self.python, "-m", "pip", "install", "--quiet", *self.requirements])
        for command in commands:
            ended = subprocess.run(command, capture_output=True, text=True)
            if ended.returncode != 0:
                lines = [line for line in ended.stderr.splitlines() if "ERROR" in line or "error" in line]
                return (lines or ended.stderr.strip().splitlines() or ["no message"])[-1][:300]
        return None
