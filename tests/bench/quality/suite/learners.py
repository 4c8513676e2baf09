"""Real tuning: scikit-learn's learners on its bundled data sets, small enough for some 10 to 100 ms an evaluation.

The score is the cross-validated loss (1 - accuracy, or 1 - R² for regression) on fixed folds, so that it is a
function of the configuration, and is cached on the disk. Its optimum is not known.
"""
import functools
import hashlib
import inspect
import json
import math
import os
import warnings

from ..evaluations import Cache
from .synthetic.landscape import choice, integer, logarithmic, logarithmic_steps, only_if, steps, uniform
from .task import Outcome, Task, unknown, wobble

try:
    import sklearn
except ImportError:
    sklearn = None


def svm_space():
    return {"kernel": choice("linear", "poly", "rbf", "sigmoid"), "C": logarithmic(1e-3, 1e3),
            "gamma": only_if(logarithmic(1e-6, 1e1), kernel=["poly", "rbf", "sigmoid"]),
            "degree": only_if(integer(2, 5), kernel=["poly"]),
            "coef0": only_if(uniform(-1, 1), kernel=["poly", "sigmoid"])}


def svm(**configuration):
    from sklearn.svm import SVC
    return SVC(max_iter=3000, **configuration)


def forest_space():
    return {"n_estimators": integer(2, 24), "max_depth": integer(1, 16), "max_features": uniform(0.05, 1),
            "min_samples_split": integer(2, 20), "min_samples_leaf": integer(1, 10),
            "criterion": choice("gini", "entropy"), "bootstrap": choice(True, False)}


def forest(**configuration):
    from sklearn.ensemble import RandomForestClassifier
    return RandomForestClassifier(random_state=0, n_jobs=1, **configuration)


def boosting_space():
    return {"learning_rate": logarithmic(1e-3, 1), "n_estimators": logarithmic_steps(2, 60, 2),
            "max_depth": integer(1, 6), "subsample": steps(0.2, 1, 0.1), "min_samples_leaf": integer(1, 30),
            "loss": choice("squared_error", "absolute_error", "huber")}


def boosting(n_estimators, **configuration):
    from sklearn.ensemble import GradientBoostingRegressor
    return GradientBoostingRegressor(random_state=0, n_estimators=int(n_estimators), **configuration)


def network_space():
    return {"layers": integer(1, 2), "units1": logarithmic_steps(4, 64, 4),
            "units2": only_if(logarithmic_steps(4, 64, 4), layers=[2]), "lr": logarithmic(1e-4, 1e-1),
            "alpha": logarithmic(1e-7, 1e1), "batch": choice(16, 32, 64, 128), "momentum": uniform(0, 0.99),
            "activation": choice("relu", "tanh", "logistic"), "solver": choice("adam", "sgd")}


def network(layers, units1, lr, batch, momentum, units2=0, **configuration):
    from sklearn.neural_network import MLPClassifier
    units = [int(units1), int(units2)][:layers]
    return MLPClassifier(hidden_layer_sizes=units, learning_rate_init=lr, batch_size=batch, momentum=momentum,
                         max_iter=12, random_state=0, **configuration)


def neighbours_space():
    return {"n_neighbors": integer(1, 40), "weights": choice("uniform", "distance"), "p": uniform(1, 5),
            "components": integer(1, 13), "scaling": choice("none", "standard", "minmax", "robust")}


def neighbours(components, scaling, **configuration):
    from sklearn.decomposition import PCA
    from sklearn.neighbors import KNeighborsClassifier
    from sklearn.pipeline import make_pipeline
    from sklearn.preprocessing import MinMaxScaler, RobustScaler, StandardScaler
    scaler = {"none": "passthrough", "standard": StandardScaler(), "minmax": MinMaxScaler(), "robust": RobustScaler()}
    return make_pipeline(scaler[scaling], PCA(components, random_state=0),
                         KNeighborsClassifier(algorithm="brute", **configuration))


def logistic_space():
    return {"penalty": choice("l1", "l2", "elasticnet"), "C": logarithmic(1e-4, 1e4),
            "l1_ratio": only_if(uniform(0, 1), penalty=["elasticnet"]), "tol": logarithmic(1e-5, 1e-1),
            "max_iter": integer(2, 60), "class_weight": choice(None, "balanced")}


def logistic(**configuration):
    from sklearn.linear_model import LogisticRegression
    return LogisticRegression(solver="saga", random_state=0, **configuration)


def ridge_space():
    return {"alpha": logarithmic(1e-6, 1e2), "gamma": logarithmic(1e-4, 1e1),
            "kernel": choice("rbf", "laplacian", "poly"), "degree": only_if(integer(1, 4), kernel=["poly"])}


def ridge(**configuration):
    from sklearn.kernel_ridge import KernelRidge
    return KernelRidge(**configuration)


# name: (data set, rows, whether its columns are scaled first, folds, learner, space)
LEARNERS = {
    "svm_digits": ("digits", 400, True, 2, svm, svm_space),
    "forest_cancer": ("breast_cancer", 569, False, 3, forest, forest_space),
    "boosting_diabetes": ("diabetes", 442, False, 3, boosting, boosting_space),
    "network_digits": ("digits", 400, True, 2, network, network_space),
    "neighbours_wine": ("wine", 178, False, 5, neighbours, neighbours_space),
    "logistic_cancer": ("breast_cancer", 300, True, 3, logistic, logistic_space),
    "ridge_diabetes": ("diabetes", 442, True, 3, ridge, ridge_space),
}


@functools.lru_cache(maxsize=None)
def data(name, rows, scaled):
    from sklearn import datasets, preprocessing, utils
    x, y = getattr(datasets, f"load_{name}")(return_X_y=True)
    x, y = utils.shuffle(x, y, random_state=0)
    return (preprocessing.scale(x[:rows]) if scaled else x[:rows]), y[:rows]


def loss(data_name, rows, scaled, folds, learner, configuration):
    """None where the learner refuses the configuration or finds no finite score."""
    from sklearn.model_selection import cross_val_score
    x, y = data(data_name, rows, scaled)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            value = 1 - float(cross_val_score(learner(**configuration), x, y, cv=folds).mean())
    except (ValueError, FloatingPointError):
        return None
    return value if math.isfinite(value) else None


def instance(name, setting, version, seed):
    cache = Cache(name, version)

    def evaluate(configuration, trial):
        score = cache.get(configuration, lambda: loss(*setting[:5], configuration))
        return Outcome(score, score, effort(configuration) * wobble(seed, trial))
    return evaluate


def effort(configuration):
    """Virtual seconds: what grows with the size of a model does so here, from 1 to about 10."""
    size = max((configuration[key] / largest for key, largest in
                (("n_estimators", 24), ("units1", 64), ("max_iter", 60), ("n_neighbors", 40)) if key in configuration),
               default=0.2)
    return 1 + 4 * min(size, 2.5)


def tasks():
    if sklearn is None:
        return []
    os.environ.setdefault("OMP_NUM_THREADS", "1")
    found = []
    for name, setting in LEARNERS.items():
        learner, space = setting[4:]
        source = [inspect.getsource(function) for function in (learner, data, loss, effort)]
        text = json.dumps([sklearn.__version__, setting[:4], space(), source])
        version = hashlib.sha256(text.encode()).hexdigest()[:12]
        found.append(Task(name, "scikit-learn", space(), functools.partial(instance, name, setting, version), unknown,
                          version))
    return found


def unavailable():
    return [] if sklearn else ["scikit-learn tasks are not available: python3-sklearn is not installed"]
