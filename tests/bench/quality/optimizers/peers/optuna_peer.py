"""Optuna's samplers by ask and tell. Conditions are define-by-run: a parameter is asked for where it is active; but
CmaEsSampler of 5.0.0 breaks where the active parameters change during a generation, and is asked for all. Normal
distributions become ranges, steps become integers (see flat.py). A failed trial has state FAIL."""
import optuna

from quality import space

from . import flat

optuna.logging.set_verbosity(optuna.logging.ERROR)

# The sampler and the options in which it differs from its defaults.
SAMPLERS = {
    "tpe": (optuna.samplers.TPESampler, {}),
    "independent": (optuna.samplers.TPESampler, {"multivariate": False}),
    "multivariate": (optuna.samplers.TPESampler, {"multivariate": True, "group": True}),
    "gp": (optuna.samplers.GPSampler, {}),
    "cmaes": (optuna.samplers.CmaEsSampler, {"with_margin": True}),
}


def distribution(parameter):
    if parameter.kind == "category":
        return optuna.distributions.CategoricalDistribution(parameter.categories)
    if parameter.kind == "integer":
        return optuna.distributions.IntDistribution(int(parameter.low), int(parameter.high), log=parameter.log)
    return optuna.distributions.FloatDistribution(parameter.low, parameter.high, log=parameter.log)


class Optuna:
    def __init__(self, search_space, sampler):
        self.asks_for_all = isinstance(sampler, optuna.samplers.CmaEsSampler)
        self.ordered = space.parameters(search_space)
        self.flat = {parameter.name: parameter for parameter in flat.flatten(search_space)}
        self.distributions = {name: distribution(parameter) for name, parameter in self.flat.items()}
        self.study = optuna.create_study(sampler=sampler)

    def ask(self):
        trial = self.study.ask()
        configuration = {}
        for parameter in self.ordered:
            if self.asks_for_all or parameter.is_active(configuration):
                value = trial._suggest(parameter.name, self.distributions[parameter.name])
                configuration[parameter.name] = self.flat[parameter.name].outer(value)
        return configuration, trial

    def tell(self, handle, configuration, score):
        if score is None:
            self.study.tell(handle, state=optuna.trial.TrialState.FAIL)
        else:
            self.study.tell(handle, score)

    def add(self, history):
        for configuration, score in history:
            self.study.add_trial(optuna.trial.create_trial(
                params={name: self.flat[name].inner(value) for name, value in configuration.items()},
                distributions={name: self.distributions[name] for name in configuration}, value=score))


def make(algorithm, search_space, parameters, seed, trials, workers):
    sampler, options = SAMPLERS[algorithm]
    return Optuna(search_space, sampler(seed=seed, **{**options, **parameters}))
