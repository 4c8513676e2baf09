#include "launchers/core/installation.hpp"

#include <system_error>

namespace hpogrid::launchers {
namespace fs = std::filesystem;

fs::path beside_program(std::initializer_list<const char*> places) {
    std::error_code error;
    const fs::path folder = fs::read_symlink("/proc/self/exe", error).parent_path();
    for (const char* place : places) {
        const fs::path path = (folder / place).lexically_normal();
        if (fs::is_regular_file(path, error)) {
            return path;
        }
    }
    return {};
}

}  // namespace hpogrid::launchers
