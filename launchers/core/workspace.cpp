#include "launchers/core/workspace.hpp"

#include <cstdlib>

namespace hpogrid::launchers {

Workspace workspace_from_environment() {
    const char* base = std::getenv("HPOGRID_BASE_PATH");
    return {base != nullptr && *base != '\0' ? std::filesystem::path{base} : std::filesystem::path{"."}};
}

}  // namespace hpogrid::launchers
