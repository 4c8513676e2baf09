"""hyperopt's TPE, driven as Ray Tune drives it. A condition on one categorical parameter is a nested choice,
hyperopt's own way to write it; other conditions are dropped (see flat.py). A failed trial has status "fail"."""
import hyperopt
import numpy
from hyperopt import base, hp, tpe
from hyperopt.fmin import generate_trial

from quality import space

METHODS = {
    "uniform": lambda n, d: hp.uniform(n, d["low"], d["high"]),
    "uniformint": lambda n, d: hp.uniformint(n, d["low"], d["high"]),
    "quniform": lambda n, d: hp.quniform(n, d["low"], d["high"], d["q"]),
    "loguniform": lambda n, d: hp.loguniform(n, numpy.log(d["low"]), numpy.log(d["high"])),
    "qloguniform": lambda n, d: hp.qloguniform(n, numpy.log(d["low"]), numpy.log(d["high"]), d["q"]),
    "normal": lambda n, d: hp.normal(n, d["mu"], d["sigma"]),
    "qnormal": lambda n, d: hp.qnormal(n, d["mu"], d["sigma"], d["q"]),
    "lognormal": lambda n, d: hp.lognormal(n, *natural(d)),
    "qlognormal": lambda n, d: hp.qlognormal(n, *natural(d), d["q"]),
}


def natural(d):
    """mu and sigma of the natural logarithm."""
    return [float(numpy.log(d.get("base", numpy.e)) * d[key]) for key in ("mu", "sigma")]


class Hyperopt:
    def __init__(self, search_space, seed, parameters):
        self.parameters = {p.name: p for p in space.parameters(search_space)}
        self.nodes = {}
        tree = {name: self.node(name) for name in self.parameters if not self.parent(name)}
        self.domain = base.Domain(lambda configuration: configuration, tree)
        self.tree = tree
        self.trials = base.Trials()
        self.rng = numpy.random.default_rng(seed)
        self.options = parameters

    def parent(self, name):
        """The categorical parameter below whose choices this one stands."""
        condition = self.parameters[name].condition
        other = next(iter(condition), None)
        return other if len(condition) == 1 and self.parameters[other].method == "categorical" else None

    def node(self, name):
        """The same node for every branch in which the parameter stands."""
        if name not in self.nodes:
            parameter = self.parameters[name]
            if parameter.method == "categorical":
                children = [child for child in self.parameters if self.parent(child) == name]
                self.nodes[name] = hp.choice(name, [
                    {"value": index, **{child: self.node(child) for child in children
                                        if value in self.parameters[child].condition[name]}}
                    for index, value in enumerate(parameter.dimension["categories"])])
            elif parameter.method == "fixed":
                self.nodes[name] = parameter.dimension["value"]
            else:
                self.nodes[name] = METHODS[parameter.method](name, parameter.dimension)
        return self.nodes[name]

    def configuration(self, tree):
        found = {}
        for name, value in tree.items():
            if name == "value":
                continue
            if isinstance(value, dict):
                found[name] = self.parameters[name].dimension["categories"][int(value["value"])]
                found.update(self.configuration(value))
            else:
                found[name] = self.outer(name, value)
        return found

    def outer(self, name, value):
        """Rounding may lead out of the range that the engine allows."""
        parameter = self.parameters[name]
        if parameter.method == "uniformint":
            return int(value)
        if "q" in parameter.dimension:
            return space.multiple(float(value), parameter.dimension["q"])
        return float(value) if parameter.method != "fixed" else value

    def ask(self):
        ids = self.trials.new_trial_ids(1)
        self.trials.refresh()
        seed = self.rng.integers(2 ** 31 - 1)
        trial, = tpe.suggest(ids, self.domain, self.trials, seed, verbose=False, **self.options)
        self.trials.insert_trial_docs([trial])
        self.trials.refresh()
        values = base.spec_from_misc(trial["misc"])
        return self.configuration(hyperopt.space_eval(self.tree, values)), ids[0]

    def tell(self, handle, configuration, score):
        trial = next(trial for trial in reversed(self.trials._dynamic_trials) if trial["tid"] == handle)
        trial["state"] = base.JOB_STATE_DONE
        trial["result"] = {"status": "fail"} if score is None else {"status": "ok", "loss": score}
        self.trials.refresh()

    def add(self, history):
        """Numbers only."""
        documents = []
        for handle, (configuration, score) in zip(self.trials.new_trial_ids(len(history)), history):
            document = generate_trial(handle, configuration)
            document["state"] = base.JOB_STATE_DONE
            document["result"] = {"status": "ok", "loss": score}
            documents.append(document)
        self.trials.insert_trial_docs(documents)
        self.trials.refresh()


def make(algorithm, search_space, parameters, seed, trials, workers):
    return Hyperopt(search_space, seed, parameters)
