"""SMAC3's hyperparameter optimisation facade by ask and tell, deterministic objective. It knows conditions and pending
points; a failed trial has status CRASHED and the worst cost so far, because an infinite one breaks the model; failures
before any success are told after it."""
import tempfile

import smac
from ConfigSpace import Configuration
from smac.runhistory.dataclasses import TrialInfo, TrialValue
from smac.runhistory.enumerations import StatusType

from . import flat
from .configspace import Translation


class Smac:
    def __init__(self, search_space, seed, trials):
        self.translation = Translation(search_space, seed, normal=True)
        self.folder = tempfile.TemporaryDirectory(prefix="smac-")
        self.scenario = smac.Scenario(self.translation.space, deterministic=True, n_trials=max(trials, 1), seed=seed,
                                      output_directory=self.folder.name)
        self.optimizer = self.facade()
        self.penalty = flat.Penalty()
        self.failed_before_any_success = []

    def facade(self, **options):
        Facade = smac.HyperparameterOptimizationFacade
        return Facade(self.scenario, lambda configuration, seed: 0.0, overwrite=True, logging_level=False,
                      intensifier=Facade.get_intensifier(self.scenario, max_config_calls=1), **options)

    def ask(self):
        info = self.optimizer.ask()
        return self.translation.outer(dict(info.config)), info

    def tell(self, handle, configuration, score):
        cost = self.penalty.score(score)
        if cost is None:
            self.failed_before_any_success.append(handle)
            return
        for failed in [*self.failed_before_any_success, *([handle] if score is None else [])]:
            self.optimizer.tell(failed, TrialValue(cost=cost, status=StatusType.CRASHED))
        self.failed_before_any_success.clear()
        if score is not None:
            self.optimizer.tell(handle, TrialValue(cost=cost, status=StatusType.SUCCESS))

    def add(self, history):
        """Takes the place of the initial design, of which one point is the least."""
        design = smac.HyperparameterOptimizationFacade.get_initial_design(self.scenario, n_configs=1)
        self.optimizer = self.facade(initial_design=design)
        self.optimizer.ask()
        for configuration, score in history:
            values = Configuration(self.translation.space, self.translation.inner_all(configuration))
            self.tell(TrialInfo(config=values, seed=0), None, score)


def make(algorithm, search_space, parameters, seed, trials, workers):
    return Smac(search_space, seed, trials)
