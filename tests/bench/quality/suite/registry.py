"""All tasks by name. A new family is a file with tasks() and a line here."""
import functools

from . import learners, tabular
from .synthetic import conditional, continuous, disturbed, mixed


@functools.lru_cache(maxsize=None)
def tasks():
    """{name: Task} of what can run here."""
    families = (continuous, mixed, conditional, disturbed, learners, tabular)
    return {task.name: task for family in families for task in family.tasks()}


def unavailable():
    """Why tasks of the suite are missing here, one sentence each."""
    return [reason for family in (learners, tabular) for reason in family.unavailable()]
