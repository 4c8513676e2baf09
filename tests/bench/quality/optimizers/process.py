"""An optimiser in a process of its own, spoken to in JSON lines. README.md describes requests and answers."""
import json
import os
import selectors
import subprocess
import tempfile
import time


class OptimizerError(RuntimeError):
    """The optimiser refused, crashed or took too long."""


class OptimizerProcess:
    """Makes one optimiser after the other in the same process, since importing a peer may take seconds."""

    def __init__(self, command, environment=None, answer_within=900):
        """`answer_within`: seconds that one answer may take."""
        self.answer_within = answer_within
        self.errors = tempfile.TemporaryFile()
        threads = {f"{name}_NUM_THREADS": "1" for name in ("OMP", "OPENBLAS", "MKL")}
        self.process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=self.errors,
                                        env={**os.environ, **threads, **(environment or {})}, bufsize=0)
        self.waiting = selectors.DefaultSelector()
        self.waiting.register(self.process.stdout, selectors.EVENT_READ)
        self.rest = b""

    def __enter__(self):
        return self

    def __exit__(self, *exception):
        self.close()

    def request(self, **request):
        try:
            self.process.stdin.write(json.dumps(request).encode() + b"\n")
            answer = json.loads(self._line())
        except (OSError, ValueError) as error:
            raise OptimizerError(f"{error}{self._last_words()}") from error
        if "error" in answer:
            raise OptimizerError(answer["error"])
        return answer

    def make(self, algorithm, search_space, parameters, seed, trials, workers):
        self.request(make={"algorithm": algorithm, "search_space": search_space, "algorithm_param": parameters,
                           "seed": seed, "trials": trials, "workers": workers})

    def ask(self):
        """The next suggestion, None if the space is exhausted; and CPU seconds."""
        answer = self.request(ask=1)
        return (answer["suggestions"] or [None])[0], answer["cpu"]

    def tell(self, tells):
        """CPU seconds."""
        return self.request(tell=tells)["cpu"]

    def close(self):
        self.process.stdin.close()
        try:
            self.process.wait(timeout=10)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
        self.process.stdout.close()
        self.waiting.close()
        self.errors.close()

    def _line(self):
        until = time.monotonic() + self.answer_within
        while b"\n" not in self.rest:
            if not self.waiting.select(max(0.0, until - time.monotonic())):
                self.process.kill()
                raise OptimizerError(f"no answer within {self.answer_within} s")
            part = self.process.stdout.read(1 << 16)
            if not part:
                raise OSError(f"ended with status {self.process.wait()}")
            self.rest += part
        line, _, self.rest = self.rest.partition(b"\n")
        return line

    def _last_words(self):
        self.errors.seek(0)
        lines = self.errors.read().decode(errors="replace").strip().splitlines()
        return f": {lines[-1]}" if lines else ""
