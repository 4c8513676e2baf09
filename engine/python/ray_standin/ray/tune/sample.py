"""Ray's search spaces. Scripts define them next to the model; the study has its own, so these are only descriptions."""


class Domain:
    def __init__(self, kind, arguments):
        self.kind = kind
        self.arguments = arguments

    def __repr__(self):
        return "{}{!r}".format(self.kind, self.arguments)


def _description(kind):
    def describe(*arguments, **_):
        return Domain(kind, arguments)

    describe.__name__ = kind
    return describe


choice = _description("choice")
lograndint = _description("lograndint")
loguniform = _description("loguniform")
qlograndint = _description("qlograndint")
qloguniform = _description("qloguniform")
qrandint = _description("qrandint")
qrandn = _description("qrandn")
quniform = _description("quniform")
randint = _description("randint")
randn = _description("randn")
sample_from = _description("sample_from")
uniform = _description("uniform")


def grid_search(values):
    return {"grid_search": values}
