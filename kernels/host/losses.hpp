#pragma once

#include <algorithm>
#include <cmath>
#include <span>

#include "kernels/api/slot_table.hpp"

namespace hpogrid::kernels::host {

/// ln Σ exp, without overflow.
[[nodiscard]] inline float log_sum_exp(std::span<const float> logits) {
    const float largest = *std::ranges::max_element(logits);
    float sum = 0;
    for (const float logit : logits) {
        sum += std::exp(logit - largest);
    }
    return largest + std::log(sum);
}

/// Loss of one row before its weight. \param logits [output]
[[nodiscard]] inline double loss_of(Loss loss, std::span<const float> logits, float label) {
    const float z = logits[0];
    switch (loss) {
        // −y·ln σ(z) − (1 − y)·ln(1 − σ(z)), in the form that does not overflow.
        case Loss::binary_cross_entropy:
            return (z < 0.0F ? 0.0F : z) - z * label + std::log1p(std::exp(-std::fabs(z)));
        case Loss::mean_squared_error:
            return (z - label) * (z - label);
        case Loss::cross_entropy:
            return log_sum_exp(logits) - logits[static_cast<std::size_t>(label)];
    }
    return 0;
}

}  // namespace hpogrid::kernels::host
