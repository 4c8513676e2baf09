"""An interpreter with Ray Tune, for the comparisons of this folder."""
import contextlib
import importlib.metadata
import subprocess
import tempfile
import venv


@contextlib.contextmanager
def rays_python(given=None):
    """The interpreter `given`, or that of a virtual environment with ray[tune] from PyPI, which is removed again.

    The environment sees the packages of the system, so that Ray trains with the same torch as everybody else.
    """
    if given:
        yield given
        return
    with tempfile.TemporaryDirectory(prefix="hpogrid-ray-") as folder:
        venv.create(folder, with_pip=True, system_site_packages=True)
        python = f"{folder}/bin/python"
        # Newer ones do not go with the NumPy 1 for which the system's torch is built.
        arrow = ["pyarrow<19"] if importlib.metadata.version("numpy").startswith("1.") else []
        subprocess.run([python, "-m", "pip", "install", "--quiet", "ray[tune]", *arrow], check=True)
        yield python
