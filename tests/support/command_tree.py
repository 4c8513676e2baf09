"""The commands of a program and what each of them takes, as its --help tells."""
import dataclasses
import pathlib
import re
import subprocess

# "  -n,--n_jobs N ...   Number of jobs", "  project PROJECT REQUIRED   Name of a project"
_OPTION = re.compile(r"^  (?:-\w,)?(--[a-z][\w-]*)(?:,--[\w-]+)*((?: \S+)*)(?:  |$)", re.MULTILINE)
_POSITIONAL = re.compile(r"^  ([a-z]\w*)((?: \S+)*)(?:  |$)", re.MULTILINE)


@dataclasses.dataclass(frozen=True)
class Command:
    name: str         # without the program's: "tasks show"; "" is the program itself
    help: str
    options: dict     # {--name: what the help writes after it, "" for a flag}, without --help
    positionals: dict  # {name: the same}
    children: tuple   # names of the commands below it


def _section(text, title):
    return text.partition(f"\n{title}:\n")[2].partition("\n\n")[0]


def read_command(program, *words):
    done = subprocess.run([program, *words, "--help"], capture_output=True, text=True, timeout=60)
    usage = " ".join(["Usage:", pathlib.Path(program).name, *words])
    if done.returncode != 0 or f"\n{usage}" not in done.stdout:
        raise AssertionError(f"{words}: --help ends with {done.returncode}: {done.stdout}{done.stderr}")
    options = {name: value.strip() for name, value in _OPTION.findall(_section(done.stdout, "Options"))}
    options.pop("--help")
    positionals = {name: value.strip() for name, value in _POSITIONAL.findall(_section(done.stdout, "Positionals"))}
    children = tuple(re.findall(r"^  (\w+)", _section(done.stdout, "Subcommands"), re.MULTILINE))
    return Command(" ".join(words), done.stdout, options, positionals, children)


def read_tree(program, *words):
    """{name: command}, of one and all below."""
    command = read_command(program, *words)
    tree = {command.name: command}
    for child in command.children:
        tree |= read_tree(program, *words, child)
    return tree
