#include "engine/trials/python/python_installation.hpp"

#include "engine/core/environment.hpp"
#include "engine/core/error.hpp"
#include "engine/core/find_program.hpp"
#include "engine/trials/process/child_process.hpp"

#include <fmt/core.h>

#include <string>
#include <system_error>

namespace hpogrid::trials {
namespace {

bool holds_module(const std::filesystem::path& folder) {
    std::error_code error;
    return std::filesystem::is_regular_file(folder / "hpogrid" / "host.py", error);
}

std::filesystem::path interpreter() {
    const std::string wanted = environment_variable("HPOGRID_PYTHON");
    std::filesystem::path found = find_program(wanted.empty() ? "python3" : wanted);
    if (!found.empty()) {
        return found;
    }
    if (wanted.empty()) {
        throw InputError{
            "python3 is not in PATH (training scripts need it): install it or set HPOGRID_PYTHON to an interpreter"};
    }
    throw InputError{
        fmt::format("HPOGRID_PYTHON is '{}' (no such executable), allowed: a Python 3 interpreter", wanted)};
}

std::filesystem::path package() {
    if (const std::string wanted = environment_variable("HPOGRID_PYTHON_PATH"); !wanted.empty()) {
        if (holds_module(wanted)) {
            return std::filesystem::absolute(wanted);
        }
        throw InputError{fmt::format(
            "HPOGRID_PYTHON_PATH is '{}' (no hpogrid/host.py in it), allowed: the folder of our Python module",
            wanted)};
    }
    std::error_code error;
    const auto program = std::filesystem::read_symlink("/proc/self/exe", error);
    const auto installed = program.parent_path().parent_path() / "share" / "hpogrid" / "python";
    for (const std::filesystem::path& folder : {installed, std::filesystem::path{HPOGRID_PYTHON_SOURCE}}) {
        if (holds_module(folder)) {
            return folder;
        }
    }
    throw InputError{fmt::format(
        "the Python module hpogrid is not in {} (broken installation?): set HPOGRID_PYTHON_PATH", installed.string())};
}

}  // namespace

PythonInstallation find_python() {
    return {interpreter(), package()};
}

}  // namespace hpogrid::trials
