#pragma once

#include "engine/core/ids.hpp"

#include <cstdint>
#include <string>
#include <vector>

namespace hpogrid::study {

/// A rank as the study sees it.
struct Worker {
    WorkerId id;
    std::uint32_t slots{1};
    std::string host;
    std::string gpu;
    bool alive{true};
    std::vector<TrialId> assigned;  ///< sent to it, not started yet
    std::vector<TrialId> running;
};

}  // namespace hpogrid::study
