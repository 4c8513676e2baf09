"""Refuses what the architecture forbids: includes that point up or in circles, and files that have grown too long.

usage: check_tree.py [ROOT]; exit status 1 and a line for each finding.
"""
import pathlib
import re
import sys

# What a folder may include besides itself; everything else would point up.
ENGINE = {
    "core": set(),
    "hdf5": {"core"},
    "space": {"core"},
    "numerics": set(),
    "optimizers": {"core", "space", "numerics"},
    "schedulers": {"core", "space", "numerics"},
    "study": {"core", "space", "optimizers", "schedulers"},
    "config": {"core", "space", "optimizers", "schedulers", "study"},
    "trials": {"core", "hdf5", "study", "space"},
    "results": {"core", "hdf5", "space", "optimizers", "schedulers", "study", "config"},
    "console": {"core", "space", "optimizers", "schedulers", "study", "config"},
    "cluster": {"core", "space", "optimizers", "schedulers", "study", "config", "trials", "results"},
    "program": {"core", "space", "optimizers", "schedulers", "study", "config", "trials", "results", "console",
                "cluster"},
}
LAUNCHERS = {
    "core": set(),
    "http": set(),
    "configurations": {"core"},
    "projects": {"core", "configurations"},
    "jobs": {"core", "configurations"},
    "panda": {"core", "http", "configurations", "jobs"},
    "slurm": {"core", "configurations", "jobs"},
    "tasks": {"core", "http"},
    "sites": {"core", "http"},
    "report": {"core", "configurations", "tasks"},
    "watch": {"core"},
    "idds": {"core"},
    "program": {"core", "http", "configurations", "projects", "jobs", "panda", "slurm", "tasks", "sites", "report",
                "watch", "idds"},
}
# What the launchers may use of the engine.
FOR_LAUNCHERS = {"engine/core", "engine/space", "engine/optimizers", "engine/study", "engine/config", "engine/results",
                 "engine/console"}
# Kernels know nothing of the engine, and the trainer no device.
KERNELS = {"api": set(), "host": {"api"}, "cuda": {"api", "host"}, "stub": {"api"}, "trainer": {"api"}}
MAY_INCLUDE = {f"engine/{folder}": {f"engine/{below}" for below in may} for folder, may in ENGINE.items()}
MAY_INCLUDE |= {f"launchers/{folder}": {f"launchers/{below}" for below in may} | FOR_LAUNCHERS
                for folder, may in LAUNCHERS.items()}
MAY_INCLUDE["engine/trials"] |= {"kernels/api", "kernels/trainer"}
MAY_INCLUDE["engine/cluster"] |= {"kernels/api"}
MAY_INCLUDE |= {f"kernels/{folder}": {f"kernels/{below}" for below in may} for folder, may in KERNELS.items()}
# What the shared parts of optimisers, in folders of engine/optimizers/, may include of the files beside these folders:
# named algorithms stand above them.
OPTIMIZER_BASIS = {"known_points.hpp", "optimizer.hpp", "trial_history.hpp"}
OPTIMIZER = re.compile(r'^\s*#\s*include\s+"engine/optimizers/([a-z_]+\.hpp)"', re.MULTILINE)
INCLUDE = re.compile(r'^\s*#\s*include\s+"(engine|kernels|launchers)/([a-z0-9_]+)/', re.MULTILINE)
LONGEST = 400
# Tables of figures may be as long as they are.
DATA = {"engine/optimizers/sampling/sobol_directions.cpp"}
SOURCES = {".cpp", ".hpp", ".h", ".cu", ".cuh", ".py"}


def sources(root):
    for top in ("engine", "kernels", "launchers", "tests", "configs", "jobs"):
        for path in sorted((root / top).rglob("*")):
            if path.suffix in SOURCES and path.is_file():
                yield path, path.relative_to(root).as_posix()


def findings(root):
    for path, name in sources(root):
        text = path.read_text(encoding="utf-8")
        length = text.count("\n")
        if length > LONGEST and name not in DATA:
            yield f"{name}: {length} lines, allowed: at most {LONGEST}"
        if "\t" in text:
            yield f"{name}: has tabs, allowed: spaces"
        if path.suffix in {".hpp", ".cuh"} and not text.startswith("#pragma once"):
            yield f"{name}: does not begin with #pragma once"
        parts = name.split("/")
        if parts[0] in {"engine", "kernels", "launchers"} and path.suffix in {".cpp", ".cu", ".cuh", ".hpp", ".h"}:
            folder = "/".join(parts[:2])
            for target in map("/".join, INCLUDE.findall(text)):
                if target != folder and target not in MAY_INCLUDE.get(folder, set()):
                    yield f"{name}: includes {target}, allowed: {folder} and what lies below it"
            if folder == "engine/optimizers" and len(parts) > 3:
                for target in set(OPTIMIZER.findall(text)) - OPTIMIZER_BASIS:
                    yield f"{name}: includes {target}, allowed: {', '.join(sorted(OPTIMIZER_BASIS))} and shared parts"


def main():
    root = pathlib.Path(sys.argv[1] if len(sys.argv) > 1 else ".").resolve()
    found = list(findings(root))
    for line in found:
        print(line)
    sys.exit(1 if found else 0)


if __name__ == "__main__":
    main()
