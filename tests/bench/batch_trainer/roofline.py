"""What one optimiser step costs at least, layer by layer: operations and bytes counted, rates given."""

MICRO_BATCH = 256
FLOAT = 4


def layers_of(features, hidden_layers, width):
    """(inputs, outputs) of each dense layer."""
    sizes = [features] + [width] * hidden_layers + [1]
    return list(zip(sizes, sizes[1:]))


def operations(features, hidden_layers, width, batch):
    """Forward, gradient of the weights and gradient of the inputs: two operations each for every weight and row."""
    layers = layers_of(features, hidden_layers, width)
    return sum(2 * batch * inputs * outputs * (2 if first == 0 else 3)
               for first, (inputs, outputs) in enumerate(layers))


def seconds(features, hidden_layers, width, batch, operation_rate, byte_rate):
    """Of one network's step, if each kernel took no longer than its operations or its bytes do, nothing stayed in a cache
    between two kernels, and every array was read and written once by each."""
    total = 0.0

    def kernel(rows, flops, floats):
        nonlocal total
        total += max(flops / operation_rate, FLOAT * floats / byte_rate) if rows else 0.0

    done = 0
    while done < batch:
        rows = min(MICRO_BATCH, batch - done)
        done += rows
        kernel(rows, 0, 2 * rows * features)  # gather
        for index, (inputs, outputs) in enumerate(layers_of(features, hidden_layers, width)):
            product = 2 * rows * inputs * outputs
            kernel(rows, product, rows * inputs + inputs * outputs + rows * outputs)  # forward
            kernel(rows, product, rows * inputs + rows * outputs + 2 * inputs * outputs)  # gradient of the weights
            if index > 0:
                kernel(rows, product, rows * outputs + inputs * outputs + rows * inputs)  # gradient of the inputs
            kernel(rows, 0, 6 * rows * outputs)  # activation and its derivative: three arrays each way
    parameters = sum((inputs + 1) * outputs for inputs, outputs in layers_of(features, hidden_layers, width))
    kernel(1, 0, 8 * parameters)  # Adam: four arrays, read and written
    return total
