"""The generator of configurations of hpbandster's BOHB itself, without its servers, at one budget: there is no
scheduler in this benchmark. Pending points are unknown to it; a failed trial counts as an infinite loss, as there."""
import logging
import types

import numpy

# hpbandster is of 2018.
for name, kind in (("int", int), ("float", float), ("bool", bool)):
    if not hasattr(numpy, name):
        setattr(numpy, name, kind)

from hpbandster.optimizers.config_generators.bohb import BOHB  # noqa: E402

from .configspace import Translation  # noqa: E402

logging.disable(logging.CRITICAL)
BUDGET = 1.0


class Bohb:
    def __init__(self, search_space, seed, options):
        self.translation = Translation(search_space, seed, normal=False)
        self.generator = BOHB(self.translation.space, **options)

    def ask(self):
        values, _ = self.generator.get_config(BUDGET)
        return self.translation.outer(values), values

    def tell(self, handle, configuration, score, update_model=True):
        self.generator.new_result(types.SimpleNamespace(
            kwargs={"config": handle, "budget": BUDGET}, exception=None,
            result=None if score is None else {"loss": score}), update_model=update_model)

    def add(self, history):
        for index, (configuration, score) in enumerate(history, start=1):
            self.tell(self.translation.inner_all(configuration), None, score, update_model=index == len(history))


def make(algorithm, search_space, parameters, seed, trials, workers):
    return Bohb(search_space, seed, parameters)
