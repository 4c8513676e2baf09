#pragma once

#include <vector>

#include "kernels/trainer/data_set.hpp"
#include "kernels/trainer/network.hpp"

namespace hpogrid::kernels {

/// One network to train. The defaults are PyTorch's where it has any.
struct TrialSettings {
    std::vector<int> hidden{64, 64};                   ///< units of each hidden layer
    Normalization normalization{Normalization::none};  ///< of each hidden layer, before its activation
    SlotSettings slot;                                 ///< `units` follow from `hidden` and the data
};

/// \throws std::invalid_argument that says what is wrong and what is allowed
void check(const TrialSettings& settings, const DataSet& data);

/// The slot's settings with `units` filled in.
[[nodiscard]] SlotSettings slot_settings(const TrialSettings& settings, const DataSet& data);

}  // namespace hpogrid::kernels
