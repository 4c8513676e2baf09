"""Trials an hour of the batch trainer, with PyTorch one trial at a time and stacked beside it. See the script run."""
import argparse
import os
import statistics
import subprocess
import time

import pytorch_peers
import roofline

FEATURES, LAYERS, STEPS_OF_A_TRIAL = 30, 3, 1000
MOST_MEMORY = 2e9  # bytes of what torch.func keeps of a step
HEAD = (f"{'width':>6}{'batch':>6}{'K':>5}{'trials/h':>10}{'samples/s':>12}{'of roofline':>12}"
        f"{'PyTorch':>10}{'ratio':>7}{'torch.func':>12}{'ratio':>7}")


class Trainer:
    """The program, on one device."""

    def __init__(self, path, device, one_thread):
        arguments = [path, device] + ["one-thread"] * one_thread
        self.process = subprocess.Popen(arguments, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        self.operation_rate, self.byte_rate = map(float, self.process.stdout.readline().split())

    def seconds_per_step(self, networks, width, batch, seconds):
        self.process.stdin.write(f"{networks} {width} {batch} {seconds}\n")
        self.process.stdin.flush()
        return float(self.process.stdout.readline())

    def end(self):
        self.process.stdin.close()
        self.process.wait()


def blas_of(torch):
    """The library that does PyTorch's matrix products, as far as the process shows it."""
    torch.randn(64, 64) @ torch.randn(64, 64)
    with open("/proc/self/maps", encoding="utf-8") as maps:
        libraries = {line.split("/")[-1].strip() for line in maps if "/" in line}
    for name in ("mkl", "openblas", "blis", "atlas"):
        if any(name in library for library in libraries) or name == "mkl" and torch.backends.mkl.is_available():
            return name
    return "the reference BLAS, which is slow"


def stacked_training(torch, device, width, batch, networks, options, rate):
    """The peer, or in words why it is not measured."""
    if not hasattr(torch, "func"):
        return "no func"
    if networks * batch * (width + FEATURES) * 4 * 4 * LAYERS > MOST_MEMORY:
        return "too large"
    if networks * roofline.operations(FEATURES, LAYERS, width, batch) / rate > options.most_seconds:
        return "too slow"
    return pytorch_peers.Stacked(torch, device, FEATURES, LAYERS, width, batch, networks)


def print_cell(torch, trainer, device, width, batch, networks, options):
    """Each column is measured in turn, several times, so that what else the machine does weighs on all alike."""
    operations = roofline.operations(FEATURES, LAYERS, width, batch)
    rate = trainer.operation_rate
    # Networks are independent of each other: where all together would take too long, fewer are measured.
    affordable = int(options.most_seconds * rate / operations)
    measured = networks if device == "cuda" else min(networks, max(affordable, os.cpu_count()))
    alone = pytorch_peers.OneAtATime(torch, device, FEATURES, LAYERS, width, batch) if torch else None
    stacked = stacked_training(torch, device, width, batch, networks, options, rate) if torch else "–"
    ours, theirs, together = [], [], []
    for _ in range(options.rounds):
        ours.append(trainer.seconds_per_step(measured, width, batch, options.seconds) / measured)
        if alone:
            theirs.append(alone.seconds_per_step(options.seconds))
        if not isinstance(stacked, str):
            together.append(stacked.seconds_per_step(options.seconds) / networks)
    own = statistics.median(ours)
    least = roofline.seconds(FEATURES, LAYERS, width, batch, rate, trainer.byte_rate)
    hourly = 3600 / STEPS_OF_A_TRIAL
    line = f"{width:6}{batch:6}{networks:5}{'*' if measured < networks else ' '}{hourly / own:9.0f}{batch / own:12.3g}"
    line += f"{least / own:12.0%}"
    line += f"{hourly / statistics.median(theirs):10.0f}{statistics.median(theirs) / own:7.1f}" if theirs else f"{'–':>10}{'':7}"
    if together:
        line += f"{hourly / statistics.median(together):12.0f}{statistics.median(together) / own:7.1f}"
    else:
        line += f"{stacked:>12}"
    print(line, flush=True)


def print_table(torch, options, device):
    trainer = Trainer(options.program, "cuda" if device == "cuda" else "host", options.one_thread)
    if device == "cuda":
        trainer.operation_rate = pytorch_peers.matrix_product_rate(torch, device)
    cores = "one thread, processor time" if options.one_thread else f"{os.cpu_count()} cores"
    print(f"{torch.cuda.get_device_name() if device == 'cuda' else cores}: matrix products "
          f"{trainer.operation_rate / 1e9:.0f} GFLOP/s, memory {trainer.byte_rate / 1e9:.1f} GB/s; "
          f"networks: {FEATURES} features, {LAYERS} hidden layers, Adam; a trial is {STEPS_OF_A_TRIAL} steps")
    print(f"PyTorch {torch.__version__}, {torch.get_num_threads()} threads, {blas_of(torch)}" if torch
          else "PyTorch: not installed for this interpreter")
    print(HEAD)
    for width in options.widths:
        for batch in options.batches:
            for networks in options.networks:
                print_cell(torch, trainer, device, width, batch, networks, options)
    trainer.end()


def why_no_gpu(torch, program):
    """One reason, or nothing."""
    probe = subprocess.run([program, "cuda"], stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False)
    if probe.returncode != 0:
        return probe.stderr.strip() or f"status {probe.returncode}"
    return None if torch and torch.cuda.is_available() else "PyTorch sees no CUDA device"


def main():
    def numbers(text):
        return [int(word) for word in text.split(",")]

    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--program", required=True)
    parser.add_argument("--networks", type=numbers, default=[1, 8, 32, 128, 512])
    parser.add_argument("--widths", type=numbers, default=[64, 256, 512])
    parser.add_argument("--batches", type=numbers, default=[256, 1024, 4096])
    parser.add_argument("--seconds", type=float, default=0.4, help="of one measurement of one column")
    parser.add_argument("--rounds", type=int, default=5, help="measurements of each column; the median counts")
    parser.add_argument("--most-seconds", type=float, default=10, help="that one step of all networks may take; where it "
                        "would take longer, fewer networks are measured (marked *), or the column says so")
    parser.add_argument("--one-thread", action="store_true", help="in each column, and its processor time instead of that "
                        "of the wall: for a machine that is busy otherwise")
    parser.add_argument("--devices", type=lambda text: text.split(","), default=["cpu", "cuda"], help="cpu,cuda")
    options = parser.parse_args()
    if options.one_thread:
        os.environ["OMP_NUM_THREADS"] = "1"
        pytorch_peers.Training.clock = staticmethod(time.process_time)
    try:
        import torch
    except ImportError:
        torch = None
    if "cpu" in options.devices:
        print_table(torch, options, "cpu")
    if "cuda" not in options.devices:
        return
    if reason := why_no_gpu(torch, options.program):
        print(f"GPU: not run ({reason})")
    else:
        print_table(torch, options, "cuda")


if __name__ == "__main__":
    main()
