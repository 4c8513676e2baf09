#include "engine/core/find_program.hpp"

#include "engine/core/environment.hpp"

#include <unistd.h>

#include <sstream>
#include <system_error>

namespace hpogrid {
namespace fs = std::filesystem;
namespace {

bool is_executable(const fs::path& path) {
    std::error_code error;
    return fs::is_regular_file(path, error) && ::access(path.c_str(), X_OK) == 0;
}

}  // namespace

fs::path find_program(const std::string& name) {
    if (name.find('/') != std::string::npos) {
        return is_executable(name) ? fs::absolute(name) : fs::path{};
    }
    std::istringstream folders{environment_variable("PATH", "/usr/local/bin:/usr/bin:/bin")};
    for (std::string folder; std::getline(folders, folder, ':');) {
        // POSIX: an empty one is the current folder.
        const fs::path candidate = fs::path{folder.empty() ? "." : folder} / name;
        if (is_executable(candidate)) {
            return fs::absolute(candidate);
        }
    }
    return {};
}

}  // namespace hpogrid
