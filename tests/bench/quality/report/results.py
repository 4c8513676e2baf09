"""From stored runs to regrets."""
from .. import runner
from ..store import find
from ..suite import registry
from ..suite.task import reference


class Results:
    """Regrets of these optimisers on these tasks, by cell (trials, workers)."""

    def __init__(self, store, optimizers, tasks, seeds):
        self.optimizers, self.tasks, self.seeds = optimizers, tasks, seeds
        self.records = {optimizer.name: runner.by_place(store.runs(optimizer.name)) for optimizer in optimizers}
        self.best_seen = best_seen(store, tasks)
        self.references = {}

    def record(self, optimizer, task, trials, workers, seed):
        place = self.records[optimizer.name].get((task.name, workers, seed), [])
        return find(place, task.name, task.version, optimizer.version, workers, seed, trials, optimizer.knows_budget)

    def regret(self, optimizer, task, trials, workers, seed):
        """Regret of the configuration that looked best to the optimiser's user, measured without noise and in units
        of the regret of a median random point; 0 is the optimum. None if the study was not run. A study in which
        nothing succeeded has as much as twice a random point."""
        record = self.record(optimizer, task, trials, workers, seed)
        if record is None:
            return None
        pairs = [pair for pair in list(zip(record["run"]["observed"], record["run"]["true"]))[:trials]
                 if pair[0] is not None]
        if not pairs:
            return 2.0
        _, true = min(pairs, key=lambda pair: pair[0])
        least = self.best_seen[task.name]
        return max(0.0, true - least) / max(self._reference(task, seed) - least, 1e-12)

    def paired(self, trials, workers, optimizers=None):
        """{task: [(seed, [regret of each optimiser])]}, only seeds that all of them have run."""
        optimizers = optimizers or self.optimizers
        found = {}
        for task in self.tasks:
            rows = []
            for seed in self.seeds:
                row = [self.regret(optimizer, task, trials, workers, seed) for optimizer in optimizers]
                if None not in row:
                    rows.append((seed, row))
            if rows:
                found[task.name] = rows
        return found

    def errors(self):
        """Studies that an optimiser gave up: {optimizer: [(task, message)]}."""
        found = {}
        for optimizer in self.optimizers:
            for place in self.records[optimizer.name].values():
                for record in place:
                    if record["run"]["error"] and record["optimizer_version"] == optimizer.version:
                        found.setdefault(optimizer.name, []).append((record["task"], record["run"]["error"]))
        return found

    def _reference(self, task, seed):
        key = (task.name, seed if task.family == "synthetic" else 0)
        if key not in self.references:
            self.references[key] = reference(registry.tasks()[task.name], key[1])
        return self.references[key]


def best_seen(store, tasks):
    """{task: its optimum, or the best true score of all stored runs of anybody where that is not known}."""
    best = {task.name: task.optimum() for task in tasks}
    unknown = {task.name: task.version for task in tasks if best[task.name] is None}
    for record in store.all_runs() if unknown else ():
        if unknown.get(record["task"]) == record["task_version"]:
            scores = [score for score in record["run"]["true"] if score is not None]
            known = best[record["task"]]
            best[record["task"]] = min(scores if known is None else [known, *scores], default=None)
    return best
