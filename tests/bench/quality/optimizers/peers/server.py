"""The other end of ../process.py for the Python originals: `python -m quality.optimizers.peers.server <adapter>`.

An adapter module has make(algorithm, search_space, parameters, seed, trials, workers), which answers an object with
  ask() -> (configuration, handle)   the configuration may have inactive parameters, they are left out here;
                                     None instead of the pair if nothing is left
  tell(handle, configuration, score) score None: the trial failed
  add(history)                       [(configuration, score)] from elsewhere, at once
"""
import importlib
import json
import os
import random
import sys
import time

from quality import space


class Session:
    def __init__(self, adapter, request):
        self.search_space = request["search_space"]
        self.optimizer = adapter.make(request["algorithm"], self.search_space, request["algorithm_param"],
                                      request["seed"], request["trials"], request["workers"])
        self.trials = []  # (handle, configuration as the adapter gave it)
        self.elsewhere = {}  # configurations told from outside, by trial

    def ask(self, count):
        began = time.process_time()
        asked = [pair for pair in (self.optimizer.ask() for _ in range(count)) if pair]
        cpu = time.process_time() - began
        suggestions = []
        for configuration, handle in asked:
            suggestions.append({"trial": len(self.trials), "origin": "peer",
                                "configuration": space.active_part(self.search_space, configuration)})
            self.trials.append((handle, configuration))
        return {"suggestions": suggestions, "cpu": cpu}

    def tell(self, tells):
        history = []
        began = time.process_time()
        for tell in tells:
            trial, kind = tell["trial"], tell["kind"]
            if kind == "pending":
                self.elsewhere[trial] = tell["configuration"]
                if trial != len(self.trials):
                    raise ValueError(f"trial {trial} is told out of order")
                self.trials.append((None, tell["configuration"]))
            elif trial in self.elsewhere:
                history.append((self.elsewhere.pop(trial), tell["score"]))
            elif kind in ("finished", "failed"):
                self.optimizer.tell(*self.trials[trial], tell.get("score") if kind == "finished" else None)
        if history:
            self.optimizer.add(history)
        return {"cpu": time.process_time() - began}


def seed_everything(seed):
    """Several originals draw from the global generators, whatever seed they are given."""
    random.seed(seed)
    for name, function in (("numpy", lambda module: module.random.seed(seed)),
                           ("torch", lambda module: module.manual_seed(seed))):
        if name in sys.modules:
            function(sys.modules[name])


def main():
    # Originals print; answers go to where standard output was.
    answers = os.fdopen(os.dup(1), "w")
    os.dup2(2, 1)
    adapter = importlib.import_module(f"quality.optimizers.peers.{sys.argv[1]}")
    session = None
    for line in sys.stdin:
        request = json.loads(line)
        try:
            if "make" in request:
                seed_everything(request["make"]["seed"])
                session = Session(adapter, request["make"])
                answer = {"made": True}
            elif "ask" in request:
                answer = session.ask(request["ask"])
            else:
                answer = session.tell(request["tell"])
        except Exception as error:  # whatever an original raises is its answer
            answer = {"error": f"{type(error).__name__}: {error}"[:500]}
        answers.write(json.dumps(answer, default=plain) + "\n")
        answers.flush()


def plain(value):
    """Numbers of numpy as Python's."""
    return value.item()


if __name__ == "__main__":
    main()
