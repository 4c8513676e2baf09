#include "engine/optimizers/parzen/linear_forgetting.hpp"

namespace hpogrid::optimizers {

LinearForgetting::LinearForgetting(std::size_t count, std::size_t memory) noexcept
    : fading_{count > memory ? count - memory : 0},
      first_{count > 0 ? 1.0 / static_cast<double>(count) : 1.0},
      step_{fading_ > 1 ? (1.0 - first_) / static_cast<double>(fading_ - 1) : 0.0} {}

}  // namespace hpogrid::optimizers
