"""Which studies are to be run, and running them in processes, each study into the store as soon as it ends."""
import dataclasses
import multiprocessing
import os
import time

from . import simulation
from .optimizers.process import OptimizerError
from .store import Store, find
from .suite import registry


@dataclasses.dataclass(frozen=True)
class Study:
    """One run: who, on what, how long, how wide."""
    optimizer: str
    task: str
    trials: int
    workers: int
    seed: int


def wanted(optimizers, tasks, trials, workers, seeds):
    """Seed by seed, so that an interrupted benchmark has all of the first ones. Of several numbers of trials the
    largest is run: its beginning is the others, unless the optimiser knows its budget."""
    return [Study(optimizer.name, task.name, count, width, seed)
            for seed in seeds for width in workers for task in tasks for optimizer in optimizers
            for count in (sorted(trials) if optimizer.knows_budget else [max(trials)])]


def missing(studies, optimizers, tasks, store):
    """Those that the store does not have."""
    records = {}
    left = []
    for study in studies:
        optimizer, task = optimizers[study.optimizer], tasks[study.task]
        known = records.setdefault(study.optimizer, by_place(store.runs(study.optimizer)))
        place = known.get((study.task, study.workers, study.seed), [])
        if not find(place, study.task, task.version, optimizer.version, study.workers, study.seed, study.trials,
                    optimizer.knows_budget):
            left.append(study)
    return left


def by_place(records):
    places = {}
    for record in records:
        places.setdefault((record["task"], record["workers"], record["seed"]), []).append(record)
    return places


def run_all(studies, optimizers, store_folder, jobs, progress):
    """`progress(done, study, seconds, error)` after each study. Returns when all are in the store."""
    if jobs == 1:
        worker = Worker(optimizers, store_folder)
        for done, study in enumerate(studies, start=1):
            progress(done, study, *worker.run(study))
        worker.close()
        return
    context = multiprocessing.get_context("fork")
    with context.Pool(jobs, initializer=start_worker, initargs=(optimizers, store_folder)) as pool:
        for done, (study, seconds, error) in enumerate(pool.imap_unordered(run_in_worker, studies), start=1):
            progress(done, study, seconds, error)
        pool.close()
        pool.join()


class Worker:
    """Runs studies one after the other; keeps one process open an optimiser."""

    def __init__(self, optimizers, store_folder):
        self.optimizers = optimizers
        self.store = Store(store_folder)
        self.processes = {}

    def run(self, study):
        """Wall-clock seconds, and why the optimiser gave up, if it did."""
        began = time.monotonic()
        optimizer, task = self.optimizers[study.optimizer], registry.tasks()[study.task]
        run = simulation.Run()
        try:
            process = self.processes.get(study.optimizer) or optimizer.start()
            self.processes[study.optimizer] = process
            optimizer.make(process, task.search_space, study.seed, study.trials, study.workers)
            simulation.simulate(process, task.instance(study.seed), study.trials, study.workers, run)
        except OptimizerError as error:
            run.error = str(error)
            self.processes.pop(study.optimizer).close()
        seconds = time.monotonic() - began
        self.store.add({**dataclasses.asdict(study), "task_version": task.version,
                        "optimizer_version": optimizer.version, "seconds": round(seconds, 3),
                        "run": dataclasses.asdict(rounded(run))})
        return seconds, run.error

    def close(self):
        for process in self.processes.values():
            process.close()


def rounded(run):
    run.cpu = [float(f"{seconds:.4g}") for seconds in run.cpu]
    return run


def start_worker(optimizers, store_folder):
    global WORKER
    os.environ.update(OMP_NUM_THREADS="1", OPENBLAS_NUM_THREADS="1")
    WORKER = Worker(optimizers, store_folder)


def run_in_worker(study):
    return (study, *WORKER.run(study))
