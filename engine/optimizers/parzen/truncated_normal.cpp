#include "engine/optimizers/parzen/truncated_normal.hpp"

#include "engine/space/normal_distribution.hpp"

#include <algorithm>
#include <limits>

namespace hpogrid::optimizers {

using space::normal_cdf;

double normal_mass(double a, double b) noexcept {
    if (!(a < b)) {
        return 0.0;
    }
    return a > 0 ? normal_cdf(-a) - normal_cdf(-b) : normal_cdf(b) - normal_cdf(a);
}

double truncated_normal_quantile(double centre, double sigma, Interval range, double p) noexcept {
    const double a = (range.low - centre) / sigma;
    const double b = (range.high - centre) / sigma;
    if (a > 0) {
        // The lower tail is the accurate one.
        return -truncated_normal_quantile(-centre, sigma, {-range.high, -range.low}, 1.0 - p);
    }
    const double below = normal_cdf(a);
    const double share = below + p * normal_mass(a, b);
    const double smallest = std::numeric_limits<double>::min();
    const double z = space::normal_quantile(std::clamp(share, smallest, 1.0 - 0x1.0p-53));
    return std::clamp(centre + sigma * z, range.low, range.high);
}

}  // namespace hpogrid::optimizers
