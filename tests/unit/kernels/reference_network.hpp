#pragma once

#include "kernels/trainer/data_set.hpp"
#include "kernels/trainer/network.hpp"

namespace hpogrid::kernels {

/// Weighted mean loss of a network over rows [begin, end) of a table, in double precision and in the plainest way there
/// is. Features are standardised with the given means and scales.
[[nodiscard]] double reference_loss(const Network& network, const SlotSettings& settings, const Table& table, int begin,
                                    int end, const std::vector<float>& means, const std::vector<float>& scales);

}  // namespace hpogrid::kernels
