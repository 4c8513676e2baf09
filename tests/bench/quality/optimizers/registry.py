"""All optimisers by name. Ours have the names of the engine's registry; `py:<name>` is a Python original, of which a
new one is an adapter in peers/ and a line here. Parameters may follow a name as JSON: auto{"warp":false}."""
import dataclasses
import hashlib
import json
import pathlib

from .. import simulation
from ..suite.task import Outcome, stream
from .environments import Environment
from .process import OptimizerProcess

HERE = pathlib.Path(__file__).resolve().parent


@dataclasses.dataclass(frozen=True)
class Peer:
    """A Python original: `adapter` is the module in peers/ and the algorithm's name within it."""
    adapter: str
    requirements: tuple
    summary: str
    knows_budget: bool = False  # whether what it suggests depends on the number of trials
    environment: str = ""       # name of the virtual environment, that of the adapter by default
    debian_packages: bool = False


HYPEROPT = ("hyperopt==0.3.0", "setuptools<80")
OPTUNA = ("optuna==5.0.0", "cmaes==0.13.1", "scipy")
SKOPT = ("scikit-optimize==0.10.2", "numpy<2")
NEVERGRAD = ("nevergrad==1.0.12", "numpy<2")
# Torch takes gigabytes: those that work with the same one share an environment.
TORCH = ("ax-platform==1.3.1", "optuna==5.0.0")
# Of 2024, fitted to Debian's torch 1.13 and numpy 1.24.
HEBO = ("HEBO==0.3.6", "pymoo==0.6.0", "gpytorch==1.9.1", "linear-operator==0.4.0", "GPy==1.13.2", "catboost==1.2.5",
        "networkx==3.1", "numpy<1.25", "scipy<1.11")
PEERS = {
    "py:hyperopt": Peer("hyperopt_peer:tpe", HYPEROPT, "hyperopt's TPE, conditions as nested choices"),
    "py:optuna": Peer("optuna_peer:tpe", OPTUNA, "Optuna's TPESampler with its defaults"),
    "py:optuna-independent": Peer("optuna_peer:independent", OPTUNA, "Optuna's TPESampler, every parameter by itself"),
    "py:optuna-multivariate": Peer("optuna_peer:multivariate", OPTUNA, "Optuna's TPESampler, multivariate and grouped"),
    "py:optuna-gp": Peer("optuna_peer:gp", TORCH, "Optuna's GPSampler", environment="torch"),
    "py:optuna-cmaes": Peer("optuna_peer:cmaes", OPTUNA, "Optuna's CmaEsSampler with margin"),
    "py:skopt": Peer("skopt_peer:gp", SKOPT, "scikit-optimize's Optimizer with its defaults"),
    "py:skopt-forest": Peer("skopt_peer:forest", SKOPT, "the same with base_estimator RF"),
    "py:bayesian": Peer("bayesian_peer:ucb", ("bayesian-optimization==3.4.0",), "bayes_opt, UCB with kappa 2.576"),
    "py:nevergrad": Peer("nevergrad_peer:NGOpt", NEVERGRAD, "nevergrad's NGOpt", knows_budget=True),
    "py:nevergrad-oneplusone": Peer("nevergrad_peer:OnePlusOne", NEVERGRAD, "nevergrad's OnePlusOne"),
    "py:nevergrad-de": Peer("nevergrad_peer:DE", NEVERGRAD, "nevergrad's DE", knows_budget=True),
    "py:nevergrad-cma": Peer("nevergrad_peer:CMA", NEVERGRAD, "nevergrad's CMA", knows_budget=True),
    "py:bohb": Peer("bohb_peer:bohb", ("hpbandster==0.7.4", "ConfigSpace==0.7.1", "numpy<1.25", "setuptools<80"),
                    "hpbandster's generator of BOHB, at one budget"),
    "py:ax": Peer("ax_peer:ax", TORCH, "Ax's client with its defaults", environment="torch"),
    "py:hebo": Peer("hebo_peer:hebo", HEBO, "HEBO with its defaults", debian_packages=True),
    "py:smac": Peer("smac_peer:smac", ("smac==2.4.1",), "SMAC3's hyperparameter optimisation facade"),
}


class Unavailable(Exception):
    """The optimiser cannot run here; the text says why."""


class Optimizer:
    """One that can be run: `name` as it was given, parameters included."""

    def __init__(self, specification, server, environments, again=False):
        """`server`: the C++ program; `environments`: folder of the virtual environments. Throws Unavailable."""
        self.name = specification
        base, brace, rest = specification.partition("{")
        self.parameters = json.loads(brace + rest) if brace else {}
        if base.startswith("py:"):
            if base not in PEERS:
                raise Unavailable(f"there is no such peer, allowed: {', '.join(PEERS)}")
            peer = PEERS[base]
            adapter, _, self.algorithm = peer.adapter.partition(":")
            environment = Environment(environments, peer.environment or adapter, peer.requirements,
                                      peer.debian_packages, again)
            if problem := environment.problem():
                raise Unavailable(f"not installed: {problem}")
            self.command = [environment.python, "-B", "-W", "ignore", "-m", "quality.optimizers.peers.server", adapter]
            self._knows_budget = peer.knows_budget
            sources = [HERE / "peers" / f"{adapter}.py", HERE / "peers" / "flat.py", HERE / "peers" / "server.py"]
            self._version = digest(repr(peer.requirements), *(source.read_text() for source in sources))
        else:
            self.algorithm = base
            self.command = [server]
            self._version = None

    def start(self, **options):
        return OptimizerProcess(self.command, {"PYTHONPATH": str(HERE.parent.parent)}, **options)

    def make(self, process, search_space, seed, trials, workers):
        process.make(self.algorithm, search_space, self.parameters, seed, trials, workers)

    @property
    def version(self):
        """Changes with what it suggests. Ours: a digest of the suggestions on two probes, so that a change of the
        engine that does not change an algorithm keeps its runs. Peers: a digest of adapter and pinned versions."""
        self._probe()
        return self._version

    @property
    def knows_budget(self):
        """Whether what it suggests depends on the number of trials. Ours: found by the probes."""
        self._probe()
        return self._knows_budget

    def _probe(self):
        if self._version is None:
            with self.start() as process:
                short, long = ([probe(self, process, *setting, planned) for setting in PROBES]
                               for planned in (PROBE_TRIALS, 3 * PROBE_TRIALS))
            self._version = digest(json.dumps([short, long]))
            self._knows_budget = short != long


def digest(*texts):
    return hashlib.sha256("\0".join(texts).encode()).hexdigest()[:12]


NUMBERS = {"a": {"method": "uniform", "dimension": {"low": -1, "high": 2}},
           "b": {"method": "loguniform", "dimension": {"low": 1e-4, "high": 1}},
           "c": {"method": "uniformint", "dimension": {"low": 1, "high": 50}}}
MIXED = {**NUMBERS, "d": {"method": "categorical", "dimension": {"categories": ["x", "y", "z"]}},
         "e": {"method": "quniform", "dimension": {"low": 0, "high": 1, "q": 0.1}, "condition": {"d": ["x", "y"]}}}
PROBES = ((NUMBERS, 1), (MIXED, 4))
PROBE_TRIALS = 60


def probe(optimizer, process, search_space, workers, planned):
    """The first suggestions of a study with failures and so many trials planned, as configurations."""
    asked = []

    def evaluate(configuration, trial):
        asked.append(configuration)
        score = sum(abs(value) if isinstance(value, (int, float)) else len(value) for value in configuration.values())
        return Outcome(None if trial % 7 == 3 else score, score, 1 + stream("probe", trial).random())
    optimizer.make(process, search_space, 7, planned, workers)
    simulation.simulate(process, evaluate, PROBE_TRIALS, workers)
    return asked


def known_names(server):
    with OptimizerProcess([server]) as process:
        return [*process.request(names=True)["names"], *PEERS]
