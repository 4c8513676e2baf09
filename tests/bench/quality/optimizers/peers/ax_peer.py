"""Ax's client by get_next_trials and complete_trial, with its default strategy. Normal distributions become ranges,
steps become integers, conditions are dropped (see flat.py). It knows pending points and failed trials."""
import logging

from ax.api.client import Client
from ax.api.configs import ChoiceParameterConfig, RangeParameterConfig

from quality import space

from . import flat

logging.disable(logging.CRITICAL)


def configured(parameter):
    if parameter.kind == "category":
        return ChoiceParameterConfig(name=parameter.name, values=[str(i) for i in range(len(parameter.categories))],
                                     parameter_type="str", is_ordered=False)
    return RangeParameterConfig(name=parameter.name, bounds=(parameter.low, parameter.high),
                                parameter_type="int" if parameter.kind == "integer" else "float",
                                scaling="log" if parameter.log else "linear")


class Ax:
    def __init__(self, search_space, seed):
        self.search_space = search_space
        self.flat = {parameter.name: parameter for parameter in flat.flatten(search_space)}
        self.client = Client(random_seed=seed)
        self.client.configure_experiment(
            parameters=[configured(parameter) for parameter in self.flat.values() if len(parameter.categories) != 1])
        self.client.configure_optimization(objective="-score")
        self.constants = {p.name: p.categories[0] for p in self.flat.values() if len(p.categories) == 1}

    def ask(self):
        found = self.client.get_next_trials(max_trials=1)
        if not found:
            return None
        (index, values), = found.items()
        return {**self.constants, **{name: self.outer(name, value) for name, value in values.items()}}, index

    def outer(self, name, value):
        parameter = self.flat[name]
        return parameter.categories[int(value)] if parameter.kind == "category" else parameter.outer(value)

    def inner(self, name, value):
        parameter = self.flat[name]
        return str(parameter.categories.index(value)) if parameter.kind == "category" else parameter.inner(value)

    def tell(self, handle, configuration, score):
        if score is None:
            self.client.mark_trial_failed(trial_index=handle)
        else:
            self.client.complete_trial(trial_index=handle, raw_data={"score": score})

    def add(self, history):
        for configuration, score in history:
            full = space.completed(self.search_space, configuration)
            index = self.client.attach_trial(parameters={name: self.inner(name, value) for name, value in full.items()
                                                         if name not in self.constants})
            self.client.complete_trial(trial_index=index, raw_data={"score": score})


def make(algorithm, search_space, parameters, seed, trials, workers):
    return Ax(search_space, seed)
