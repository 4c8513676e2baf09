"""Whether a native version is statistically no worse than its original."""
from .. import ranking
from .text_table import table

# Native version and its original.
PAIRS = (("hyperopt", "py:hyperopt"), ("optuna", "py:optuna"), ("bohb", "py:bohb"), ("skopt", "py:skopt"),
         ("bayesian", "py:bayesian"), ("ax", "py:ax"), ("nevergrad", "py:nevergrad"), ("cmaes", "py:optuna-cmaes"))


def pairs_among(optimizers):
    """[(native, original)] of those that are there; a native one with parameters is compared, too."""
    found = []
    for base, original in PAIRS:
        peers = [optimizer for optimizer in optimizers if optimizer.name.partition("{")[0] == original]
        natives = [optimizer for optimizer in optimizers if optimizer.name.partition("{")[0] == base]
        found += [(native, peer) for native in natives for peer in peers]
    return found


def faithful_table(results, trials, workers):
    pairs = [(pair, by_task) for pair in pairs_among(results.optimizers)
             if (by_task := differences(results, *pair, trials, workers))]
    if not pairs:
        return "no native version with its original"
    adjusted = ranking.holm([ranking.stratified_signed_rank(by_task) for _, by_task in pairs])
    rows = []
    for ((native, original), by_task), p_value in zip(pairs, adjusted):
        share = ranking.win_share(by_task)
        rows.append([native.name, original.name, f"{len(by_task)}, {sum(map(len, by_task.values()))}",
                     f"{100 * share.value:.1f} % [{100 * share.low:.1f}, {100 * share.high:.1f}]", f"{p_value:.3g}",
                     ranking.verdict(p_value, share, min(map(len, by_task.values()))), worst_tasks(by_task)])
    return table(["native", "original", "tasks, pairs", "native wins (ties half)", "p(worse), Holm", "verdict",
                  "significantly worse on"], rows)


def differences(results, native, original, trials, workers):
    """{task: [regret of the native version minus that of the original]}."""
    return {task: [row[0] - row[1] for _, row in pairs]
            for task, pairs in results.paired(trials, workers, [native, original]).items()}


def worst_tasks(by_task):
    adjusted = ranking.holm([ranking.stratified_signed_rank({task: numbers}) for task, numbers in by_task.items()])
    return ", ".join(task for task, p_value in zip(by_task, adjusted) if p_value < 0.05) or "-"
