"""Processes by the ids that kill() takes, also where /proc was mounted outside of this pid namespace."""
import os
import pathlib


def _status(folder):
    """{key: words} of a process's status file."""
    lines = (folder / "status").read_text(errors="replace").splitlines()
    return {line.partition(":")[0]: line.partition(":")[2].split() for line in lines}


def _depth():
    """Namespaces between that of /proc and ours, both counted."""
    return len(_status(pathlib.Path("/proc/self"))["NSpid"])


def folders():
    """{process id: its folder below /proc} of every process with an id in this namespace."""
    depth, found = _depth(), {}
    for folder in pathlib.Path("/proc").iterdir():
        if folder.name.isdigit():
            try:
                ids = _status(folder)["NSpid"]
            except (OSError, KeyError):
                continue
            if len(ids) >= depth:
                found[int(ids[depth - 1])] = folder
    return found


def folder_of(process):
    """Folder of a process below /proc; one that does not exist if there is no such process."""
    return folders().get(process, pathlib.Path("/proc/none"))


def is_alive(process):
    """Whether a process runs; a zombie does not."""
    try:
        return _status(folder_of(process))["State"][0] != "Z"
    except (OSError, KeyError):
        return False


def command_line(process):
    """Of a process, its arguments joined by spaces; empty if there is none."""
    try:
        return (folder_of(process) / "cmdline").read_bytes().replace(b"\0", b" ").decode(errors="replace")
    except OSError:
        return ""


def parent(process):
    """The process that started it, for those of one namespace."""
    return int(_status(folder_of(process))["PPid"][0])


def descendants(ancestor):
    """{process id: folder} of what a process started, however deep."""
    table = folders()
    parents = {}
    for process, folder in table.items():
        try:
            parents[process] = int(_status(folder)["PPid"][0])
        except (OSError, KeyError):
            continue
    ids_in_table = {process: int(folder.name) for process, folder in table.items()}
    found, frontier = {}, [ancestor]
    while frontier:
        parent = ids_in_table.get(frontier.pop())
        children = [process for process, of in parents.items() if of == parent]
        found.update((process, table[process]) for process in children)
        frontier += children
    return found
