"""The same training in PyTorch: one network at a time, and equal networks stacked by torch.func."""
import time


def data(torch, device, features, batch):
    rows = 16 * batch
    return torch.randn(rows, features, device=device), (torch.arange(rows, device=device) % 2).float()


def network(torch, features, hidden_layers, width):
    layers, inputs = [], features
    for _ in range(hidden_layers):
        layers += [torch.nn.Linear(inputs, width), torch.nn.ReLU()]
        inputs = width
    return torch.nn.Sequential(*layers, torch.nn.Linear(inputs, 1))


class Training:
    """Steps of an endless training. `step()` does one."""

    clock = staticmethod(time.perf_counter)

    def __init__(self, torch, device):
        self.torch, self.device = torch, device
        self.step_seconds = None

    def train(self, steps):
        began = self.clock()
        for _ in range(steps):
            self.step()
        if self.device == "cuda":
            self.torch.cuda.synchronize()
        return self.clock() - began

    def seconds_per_step(self, seconds):
        if self.step_seconds is None:
            self.train(2)
            self.step_seconds = self.train(1)
        steps = max(1, int(seconds / self.step_seconds))
        self.step_seconds = self.train(steps) / steps
        return self.step_seconds


class OneAtATime(Training):
    def __init__(self, torch, device, features, hidden_layers, width, batch):
        super().__init__(torch, device)
        self.features, self.labels = data(torch, device, features, batch)
        self.batch = batch
        self.model = network(torch, features, hidden_layers, width).to(device)
        self.optimizer = torch.optim.Adam(self.model.parameters(), lr=1e-3)
        self.loss_of = torch.nn.BCEWithLogitsLoss()
        self.order, self.first = None, 0

    def step(self):
        rows = len(self.labels)
        if self.order is None or self.first == rows:
            self.order, self.first = self.torch.randperm(rows, device=self.device), 0
        chosen = self.order[self.first:self.first + self.batch]
        self.first += self.batch
        self.optimizer.zero_grad(set_to_none=True)
        self.loss_of(self.model(self.features[chosen])[:, 0], self.labels[chosen]).backward()
        self.optimizer.step()


class Stacked(Training):
    def __init__(self, torch, device, features, hidden_layers, width, batch, networks):
        from torch.func import functional_call, grad, stack_module_state, vmap
        super().__init__(torch, device)
        self.features, self.labels = data(torch, device, features, batch)
        self.shape = networks, batch
        models = [network(torch, features, hidden_layers, width) for _ in range(networks)]
        parameters, buffers = stack_module_state(models)
        skeleton = models[0].to("meta")
        self.parameters = {name: value.detach().to(device).requires_grad_() for name, value in parameters.items()}
        self.optimizer = torch.optim.Adam(self.parameters.values(), lr=1e-3)
        loss_of = torch.nn.BCEWithLogitsLoss()

        def loss(parameters, features, labels):
            return loss_of(functional_call(skeleton, (parameters, buffers), (features,))[:, 0], labels)

        self.gradients = vmap(grad(loss))

    def step(self):
        chosen = self.torch.randint(len(self.labels), self.shape, device=self.device)
        plain = {name: value.detach() for name, value in self.parameters.items()}
        for name, gradient in self.gradients(plain, self.features[chosen], self.labels[chosen]).items():
            self.parameters[name].grad = gradient
        self.optimizer.step()


def matrix_product_rate(torch, device, size=2048):
    """Operations a second of a large product in float32, the best of several."""
    a, b = torch.randn(size, size, device=device), torch.randn(size, size, device=device)
    best = float("inf")
    for _ in range(6):
        began = time.perf_counter()
        a @ b
        if device == "cuda":
            torch.cuda.synchronize()
        best = min(best, time.perf_counter() - began)
    return 2 * size ** 3 / best
