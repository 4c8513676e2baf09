#pragma once

#include <filesystem>

namespace hpogrid::trials {

/// The interpreter that runs training scripts, and the folder that holds the module `hpogrid`.
struct PythonInstallation {
    std::filesystem::path interpreter;  ///< absolute
    std::filesystem::path package;      ///< absolute
};

/// Interpreter: $HPOGRID_PYTHON, else python3 in $PATH. Module: $HPOGRID_PYTHON_PATH, else ../share/hpogrid/python
/// beside the running program, else where this was built from. Throws InputError when one of them is not there.
[[nodiscard]] PythonInstallation find_python();

}  // namespace hpogrid::trials
