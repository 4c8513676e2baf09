#pragma once

#include "kernels/api/dropout.hpp"

namespace hpogrid::kernels::host {

/// What the units of one row are multiplied by: 0 or dropout.factor.
/// \param units a multiple of `padding`
/// \param factors out, [unit]
void dropout_factors(const Dropout& dropout, const DropoutPlace& place, int units, float* factors);

}  // namespace hpogrid::kernels::host
