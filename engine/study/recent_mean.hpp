#pragma once

#include <algorithm>
#include <cstdint>

namespace hpogrid::study {

/// Mean of numbers that come one after the other: of all up to the twentieth, then with weights that fall by a
/// twentieth with each further one.
class RecentMean {
  public:
    void add(double number) noexcept {
        constexpr double least_weight = 0.05;
        ++count_;
        mean_ += std::max(1.0 / static_cast<double>(count_), least_weight) * (number - mean_);
    }

    [[nodiscard]] bool known() const noexcept { return count_ > 0; }
    /// 0 before the first.
    [[nodiscard]] double value() const noexcept { return mean_; }

  private:
    double mean_{0.0};
    std::uint64_t count_{0};
};

}  // namespace hpogrid::study
