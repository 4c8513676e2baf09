#pragma once

#include "engine/study/trial.hpp"

#include <string>
#include <utility>
#include <vector>

namespace hpogrid::study {

/// The `stop` key of the configuration: a trial ends as soon as one reported value reaches its limit (value >= limit),
/// as Ray Tune reads its dictionary form. Any reported key serves, `training_iteration` and `time_total_s` included.
class StopConditions {
  public:
    StopConditions() = default;
    explicit StopConditions(std::vector<std::pair<std::string, double>> limits) : limits_{std::move(limits)} {}

    [[nodiscard]] bool reached_by(const Report& report) const noexcept;

  private:
    std::vector<std::pair<std::string, double>> limits_;
};

}  // namespace hpogrid::study
