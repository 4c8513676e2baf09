"""Prints "passed failed skipped" of a JUnit file of CTest, and on standard error each skipped test with its reason."""
import re
import sys
import xml.etree.ElementTree

# GoogleTest: the test, the place, the reason. unittest -v: the test's name, its place, "skipped" and the reason.
WITHIN = (re.compile(r"^\[ RUN      \] (\S+)\n\S+: Skipped\n(.*)$", re.MULTILINE),
          re.compile(r"^(\w+) \([\w.]+\) \.\.\. skipped ['\"](.*)['\"]$", re.MULTILINE))


def skipped_within(program):
    output = program.findtext("system-out") or ""
    return [found for pattern in WITHIN for found in pattern.findall(output)]


def main():
    suite = xml.etree.ElementTree.parse(sys.argv[1]).getroot()
    failed, whole = int(suite.get("failures")), int(suite.get("skipped")) + int(suite.get("disabled"))
    passed = int(suite.get("tests")) - failed - whole
    skipped = whole
    for program in suite.iter("testcase"):
        for name, reason in skipped_within(program):
            skipped += 1
            print(f"skipped: {program.get('name')}: {name}: {reason}", file=sys.stderr)
    print(passed, failed, skipped)


if __name__ == "__main__":
    main()
