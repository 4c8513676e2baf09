#include "launchers/core/workspace.hpp"

#include "engine/core/environment.hpp"

namespace hpogrid::launchers {

Workspace workspace_from_environment() {
    return {environment_variable("HPOGRID_BASE_PATH", ".")};
}

}  // namespace hpogrid::launchers
