#pragma once

#include "engine/study/trial.hpp"

#include "kernels/api/metrics.hpp"

#include <string_view>
#include <vector>

namespace hpogrid::trials {

/// What native trials report besides `training_iteration` and `time_total_s`. \param classes 0: regression
[[nodiscard]] std::vector<std::string_view> metric_names(int classes);

/// Under these names, without those that are not defined for this pass (a significance without background).
[[nodiscard]] study::Metrics named_metrics(const kernels::SlotMetrics& metrics, double training_loss);

}  // namespace hpogrid::trials
