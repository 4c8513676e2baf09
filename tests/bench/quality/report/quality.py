"""Regret by task, mean ranks, and where one optimiser loses."""
import statistics

from .. import ranking
from .text_table import number, table


def regret_table(results, trials, workers):
    """Median normalised regret over seeds, a row a task."""
    paired = results.paired(trials, workers)
    names = [optimizer.name for optimizer in results.optimizers]
    rows = []
    for task, pairs in paired.items():
        medians = [statistics.median(row[i] for _, row in pairs) for i in range(len(names))]
        best = min(medians)
        rows.append([task, len(pairs), *(number(value) + ("*" if value == best else "") for value in medians)])
    if not rows:
        return "no seed that all of them have run"
    return table(["task", "seeds", *names], rows)


def rank_table(results, cells):
    """A row an optimiser, a column a cell: mean rank and its 95 % interval."""
    columns, heads = [], []
    for trials, workers in cells:
        paired = results.paired(trials, workers)
        if paired:
            columns.append(ranking.mean_ranks({task: [row for _, row in pairs] for task, pairs in paired.items()}))
            count = sum(len(pairs) for pairs in paired.values())
            heads.append(f"T={trials} W={workers} ({len(paired)} tasks, {count} pairs)")
    if not columns:
        return "no seed that all of them have run"
    order = sorted(range(len(results.optimizers)), key=lambda i: sum(column[i].value for column in columns))
    rows = [[results.optimizers[i].name, *(interval(column[i]) for column in columns)] for i in order]
    return table(["optimizer", *heads], rows)


def interval(of):
    return f"{of.value:.2f} [{of.low:.2f}, {of.high:.2f}]"


def losing_cells(results, name, cells):
    """Where another one has a better mean rank on a task."""
    names = [optimizer.name for optimizer in results.optimizers]
    if name not in names:
        return f"{name} is not among the optimizers"
    own, rows, count = names.index(name), [], 0
    for trials, workers in cells:
        for task, pairs in results.paired(trials, workers).items():
            ranks = [ranking.mid_ranks(row) for _, row in pairs]
            means = [statistics.fmean(row[i] for row in ranks) for i in range(len(names))]
            best = min(range(len(names)), key=means.__getitem__)
            count += 1
            if means[best] < means[own]:
                share = ranking.win_share({task: [row[own] - row[best] for _, row in pairs]})
                rows.append([task, trials, workers, names[best], f"{means[best]:.2f}", f"{means[own]:.2f}",
                             f"{100 * share.value:.0f} %", len(pairs)])
    head = f"{len(rows)} of {count} cells (task, T, W)"
    if not rows:
        return head
    heads = ["task", "T", "W", "best", "its rank", f"rank of {name}", f"{name} wins", "seeds"]
    return head + "\n\n" + table(heads, rows)
