"""Sets the number of threads of numerical libraries that are already loaded.

They read their environment variables when they are loaded, which in a forked trial was long ago.
"""

import ctypes
import sys

_LIBRARIES = ("libgomp", "libiomp5", "libomp", "openblas", "libmkl_rt")
_SETTERS = (
    "omp_set_num_threads",
    "openblas_set_num_threads",
    "openblas_set_num_threads64_",
    "scipy_openblas_set_num_threads",
    "scipy_openblas_set_num_threads64_",
    "MKL_Set_Num_Threads",
)


def loaded_setters():
    """The functions to call, found once in the process that is forked."""
    paths = set()
    with open("/proc/self/maps") as maps:
        for line in maps:
            path = line.rstrip("\n").partition("/")[2]
            name = path.rpartition("/")[2]
            if any(library in name for library in _LIBRARIES):
                paths.add("/" + path)
    setters = []
    for path in paths:
        try:
            library = ctypes.CDLL(path)
        except OSError:
            continue
        setters.extend(getattr(library, name) for name in _SETTERS if hasattr(library, name))
    return setters


def apply(count, setters):
    torch = sys.modules.get("torch")
    if torch is not None and hasattr(torch, "set_num_threads"):
        torch.set_num_threads(count)
    for setter in setters:
        setter(count)
