#pragma once

#include "engine/results/table.hpp"
#include "engine/study/study.hpp"

#include <nlohmann/json.hpp>

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace hpogrid::launchers {

/// One trial as a view shows it. Times in seconds since the epoch, UTC; missing numbers NaN.
struct TrialView {
    std::int64_t id{0};
    std::string state;
    std::string place;  ///< host and GPU
    double score{0.0};  ///< its best, or its last one while it runs
    double iteration{0.0};
    double started{0.0};
    double ended{0.0};
    nlohmann::json configuration;  ///< {name: value}, inactive ones absent
};

/// A study at the moment when its results were written.
struct StudyView {
    std::string project;
    std::string metric;
    std::string mode;  ///< "min" or "max"
    std::string algorithm;
    std::string scheduler;
    std::string status;        ///< "running", "finished" or "stopped"
    std::uint64_t planned{0};  ///< trials, 0 = not known
    study::Counts counts;
    std::optional<TrialView> best;
    std::vector<TrialView> running;  ///< in the order of their numbers
    std::vector<TrialView> recent;   ///< the last that ended, the newest first
    double started{0.0};             ///< of the first trial; NaN before
};

/// `most`: running and recent trials that are wanted, each.
[[nodiscard]] StudyView view_of(const results::ResultsTables& tables, std::size_t most);

}  // namespace hpogrid::launchers
