#pragma once

#include <span>
#include <vector>

#include "kernels/api/metrics.hpp"
#include "kernels/trainer/data_set.hpp"

namespace hpogrid::kernels {

/// Metrics of logits that something else has made, by the kernel that scores networks.
class Scorer {
  public:
    /// \param backend, data must outlive the scorer
    Scorer(Backend& backend, const DataSet& data);

    /// \param logits [validation row of the fold][output]
    [[nodiscard]] SlotMetrics operator()(int fold, Loss loss, std::span<const float> logits);

  private:
    Backend* backend_;
    DeviceArray<SlotRow> row_;
    DeviceArray<float> logits_;
    DeviceArray<std::uint32_t> order_;
    DeviceArray<SlotMetrics> metrics_;
    ComputeMetrics kernel_;
};

}  // namespace hpogrid::kernels
