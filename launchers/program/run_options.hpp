#pragma once

#include "launchers/program/local_run.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace hpogrid::launchers {

/// The command line of hpogrid run.
struct RunOptions {
    LocalRun local;
    std::string backend{"panda"};
    unsigned jobs{1};
    unsigned nodes{1};  ///< of each job
    std::vector<std::string> sites;
    std::uint64_t wall_time{0};  ///< seconds, 0 = that of the queue
    std::optional<std::uint64_t> seed;
    bool dry_run{false};
    std::vector<std::string> passed_through;  ///< to the submitting program, as they are
};

}  // namespace hpogrid::launchers
