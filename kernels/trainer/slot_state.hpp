#pragma once

#include <cstddef>
#include <span>
#include <vector>

#include "kernels/trainer/network.hpp"

namespace hpogrid::kernels {

/// All that a trial's future depends on, taken between two batches: put into any free slot of a bucket of the same
/// shape it goes on as if nothing had happened, bit for bit.
struct SlotState {
    NetworkShape shape;
    SlotRow row;
    std::vector<float> parameters;      ///< [parameter], padded as in ParameterLayout
    std::vector<float> first_moments;   ///< [parameter]
    std::vector<float> second_moments;  ///< [parameter]
};

/// For a checkpoint; read back by machines of the same byte order.
[[nodiscard]] std::vector<std::byte> to_bytes(const SlotState& state);
/// \throws std::invalid_argument for bytes that are no such checkpoint, or are cut or damaged
[[nodiscard]] SlotState slot_state_from_bytes(std::span<const std::byte> bytes);

}  // namespace hpogrid::kernels
