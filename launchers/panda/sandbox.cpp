#include "launchers/panda/sandbox.hpp"

#include "engine/config/printable.hpp"
#include "engine/core/error.hpp"

#include <fmt/format.h>

namespace hpogrid::launchers {

void check_sandbox(const std::filesystem::path& package) {
    for (const auto& entry : std::filesystem::recursive_directory_iterator{package}) {
        const std::filesystem::path name = entry.path().filename();
        if (name.string().find_first_of("'\\") != std::string::npos) {
            throw InputError{
                fmt::format("script '{}' cannot be submitted: prun would hand its name to a shell, allowed: names "
                            "without ' and \\",
                            config::printable_path(entry.path().lexically_relative(package)))};
        }
    }
}

}  // namespace hpogrid::launchers
