"""Trials an hour of the batch trainer on the host, with PyTorch one trial at a time beside it. See the script run."""
import argparse
import os
import subprocess
import time

FEATURES, LAYERS, STEPS_OF_A_TRIAL = 30, 3, 1000
MEASUREMENTS, SECONDS = 5, 0.4


def pytorch_seconds_per_step(torch, width, batch):
    """The usual training loop on data in memory, with all cores."""
    rows = 16 * batch
    features, labels = torch.randn(rows, FEATURES), (torch.arange(rows) % 2).float()
    layers, inputs = [], FEATURES
    for _ in range(LAYERS):
        layers += [torch.nn.Linear(inputs, width), torch.nn.ReLU()]
        inputs = width
    model = torch.nn.Sequential(*layers, torch.nn.Linear(inputs, 1))
    optimizer = torch.optim.Adam(model.parameters(), lr=1e-3)
    loss_of = torch.nn.BCEWithLogitsLoss()

    def train(steps):
        began, done = time.perf_counter(), 0
        while done < steps:
            order = torch.randperm(rows)
            for first in range(0, rows, batch):
                chosen = order[first:first + batch]
                optimizer.zero_grad(set_to_none=True)
                loss_of(model(features[chosen])[:, 0], labels[chosen]).backward()
                optimizer.step()
                done += 1
                if done == steps:
                    break
        return (time.perf_counter() - began) / steps

    train(3)
    steps = max(1, int(SECONDS / train(3)))
    return min(train(steps) for _ in range(MEASUREMENTS))


def blas_of(torch):
    """The library that does PyTorch's matrix products, as far as the process shows it."""
    torch.randn(64, 64) @ torch.randn(64, 64)
    with open("/proc/self/maps", encoding="utf-8") as maps:
        libraries = {line.split("/")[-1].strip() for line in maps if "/" in line}
    for name in ("mkl", "openblas", "blis", "atlas"):
        if any(name in library for library in libraries) or name == "mkl" and torch.backends.mkl.is_available():
            return name
    return "the reference BLAS, which is slow"


def numbers(text):
    return [int(word) for word in text.split(",")]


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--program", required=True)
    parser.add_argument("--networks", type=numbers, default=[1, 8, 32, 128])
    parser.add_argument("--widths", type=numbers, default=[16, 32, 64, 256, 512])
    parser.add_argument("--batches", type=numbers, default=[256, 1024, 4096])
    options = parser.parse_args()
    try:
        import torch
    except ImportError:
        torch = None

    program = subprocess.Popen([options.program], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    rate = float(program.stdout.readline())
    print(f"{os.cpu_count()} cores; matrix products of this build alone: {rate / 1e9:.0f} GFLOP/s; "
          f"networks: {FEATURES} features, {LAYERS} hidden layers, Adam; a trial is {STEPS_OF_A_TRIAL} steps")
    print(f"PyTorch {torch.__version__}, {torch.get_num_threads()} threads, {blas_of(torch)}" if torch
          else "PyTorch: not installed for this interpreter")
    print(f"{'width':>6}{'batch':>6}{'K':>5}{'trials/h':>10}{'samples/s':>12}{'of peak':>9}"
          f"{'PyTorch trials/h':>18}{'ratio':>7}")
    for width in options.widths:
        for batch in options.batches:
            reference = pytorch_seconds_per_step(torch, width, batch) if torch else None
            for networks in options.networks:
                program.stdin.write(f"{networks} {width} {batch}\n")
                program.stdin.flush()
                seconds, operations = map(float, program.stdout.readline().split())
                hourly = 3600 * networks / (seconds * STEPS_OF_A_TRIAL)
                line = f"{width:6}{batch:6}{networks:5}{hourly:10.0f}{networks * batch / seconds:12.3g}"
                line += f"{operations / seconds / rate:9.0%}"
                if reference:
                    pytorch_hourly = 3600 / (reference * STEPS_OF_A_TRIAL)
                    line += f"{pytorch_hourly:18.0f}{hourly / pytorch_hourly:7.1f}"
                print(line, flush=True)
    program.stdin.close()
    program.wait()


if __name__ == "__main__":
    main()
