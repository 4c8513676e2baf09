"""The recipes of the images say the same and know no package: tests/containers/run does what they say."""
import pathlib
import re
import unittest

CONTAINERS = pathlib.Path(__file__).resolve().parents[2] / "containers"


def dockerfile_steps():
    """[[command, …] of each stage], and {target: source} of what is copied."""
    stages, copies = [], {}
    for line in (CONTAINERS / "Dockerfile").read_text().splitlines():
        if line.startswith("FROM "):
            stages.append([])
        elif line.startswith("RUN "):
            stages[-1].append(line.removeprefix("RUN "))
        elif line.startswith("COPY "):
            *_, source, target = line.split()
            copies[target] = source
    return stages, copies


def apptainer_steps():
    stages, copies, section = [], {}, ""
    for line in (CONTAINERS / "hpogrid.def").read_text().splitlines():
        if line.startswith("Bootstrap:"):
            stages.append([])
        elif line.startswith("%"):
            section = line.split()[0]
        elif line.startswith("    ") and section == "%post":
            stages[-1].append(line.strip())
        elif line.startswith("    ") and section == "%files":
            source, target = line.split()
            copies[target] = source
    return stages, copies


class Recipes(unittest.TestCase):
    def test_docker_and_apptainer_take_the_same_steps(self):
        self.assertEqual(dockerfile_steps(), apptainer_steps())
        self.assertEqual([len(stage) for stage in dockerfile_steps()[0]], [2, 2])

    def test_what_is_installed_stands_in_the_one_list_only(self):
        for recipe in ("Dockerfile", "hpogrid.def"):
            self.assertIsNone(re.search(r"\b(apt|apt-get|pip3?|dpkg)\b", (CONTAINERS / recipe).read_text()), recipe)

    def test_the_base_is_the_debian_that_the_list_is_for(self):
        for recipe in ("Dockerfile", "hpogrid.def"):
            bases = re.findall(r"(?im)^from:? (\S+)", (CONTAINERS / recipe).read_text())
            self.assertEqual(bases, ["debian:12-slim"] * 2, recipe)


if __name__ == "__main__":
    unittest.main()
