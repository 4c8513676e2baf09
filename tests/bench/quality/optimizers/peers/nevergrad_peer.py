"""nevergrad by ask and tell, with the study's budget and number of workers. The space is flattened (see flat.py); a
failed trial gets the worst score so far."""
import nevergrad

from quality import space

from . import flat


def parametrization(parameter):
    if parameter.kind == "category":
        return nevergrad.p.Choice(list(range(len(parameter.categories))))
    if parameter.log:
        scalar = nevergrad.p.Log(lower=parameter.low, upper=parameter.high)
    else:
        scalar = nevergrad.p.Scalar(lower=parameter.low, upper=parameter.high)
    return scalar.set_integer_casting() if parameter.kind == "integer" else scalar


class Nevergrad:
    def __init__(self, algorithm, search_space, seed, trials, workers):
        self.search_space = search_space
        self.flat = {parameter.name: parameter for parameter in flat.flatten(search_space)}
        self.penalty = flat.Penalty()
        instrumentation = nevergrad.p.Dict(**{name: parametrization(p) for name, p in self.flat.items()})
        instrumentation.random_state.seed(seed)
        self.optimizer = nevergrad.optimizers.registry[algorithm](instrumentation, budget=trials, num_workers=workers)

    def ask(self):
        candidate = self.optimizer.ask()
        return {name: self.outer(self.flat[name], value) for name, value in candidate.value.items()}, candidate

    @staticmethod
    def outer(parameter, value):
        if parameter.kind == "category":
            return parameter.categories[int(value)]
        if parameter.kind == "integer":
            value = min(max(value, parameter.low), parameter.high)
        return parameter.outer(value)

    def tell(self, handle, configuration, score):
        score = self.penalty.score(score)
        if score is not None:
            self.optimizer.tell(handle, score)

    def add(self, history):
        for configuration, score in history:
            full = space.completed(self.search_space, configuration)
            value = {name: parameter.categories.index(full[name]) if parameter.kind == "category"
                     else parameter.inner(full[name]) for name, parameter in self.flat.items()}
            self.optimizer.tell(self.optimizer.parametrization.spawn_child(new_value=value), score)


def make(algorithm, search_space, parameters, seed, trials, workers):
    return Nevergrad(parameters.get("optimizer", algorithm), search_space, seed, trials, workers)
