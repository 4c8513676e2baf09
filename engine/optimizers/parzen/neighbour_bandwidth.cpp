#include "engine/optimizers/parzen/neighbour_bandwidth.hpp"

namespace hpogrid::optimizers {

double neighbour_gap(std::span<const SortedCentres::Entry> sorted, std::size_t i, Neighbours neighbours,
                     const Axis& axis) noexcept {
    const bool first = i == 0;
    const bool last = i + 1 == sorted.size();
    const double centre = sorted[i].centre;
    if (neighbours == Neighbours::with_prior) {
        if (first && last) {
            return prior_bandwidth / 2;
        }
        const double prior = axis.middle();
        const bool prior_left = prior <= centre && (first || sorted[i - 1].centre < prior);
        const bool prior_right = centre < prior && (last || sorted[i + 1].centre >= prior);
        const double left = prior_left ? centre - prior : first ? 0.0 : centre - sorted[i - 1].centre;
        const double right = prior_right ? prior - centre : last ? 0.0 : sorted[i + 1].centre - centre;
        return std::max(left, right);
    }
    const bool look_to_ends = neighbours == Neighbours::with_ends || (first && last);
    const double beyond_left = look_to_ends ? centre - axis.range().low : 0.0;
    const double beyond_right = look_to_ends ? axis.range().high - centre : 0.0;
    const double left = first ? beyond_left : centre - sorted[i - 1].centre;
    const double right = last ? beyond_right : sorted[i + 1].centre - centre;
    return std::max(left, right);
}

}  // namespace hpogrid::optimizers
