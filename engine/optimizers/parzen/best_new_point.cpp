#include "engine/optimizers/parzen/best_new_point.hpp"

namespace hpogrid::optimizers {

space::Point best_new_point(std::span<const std::vector<double>> scores,
                            const std::function<space::Point(const RankedCombinations::Picks&)>& point_of,
                            const KnownPoints& known) {
    constexpr int most_combinations = 200;
    RankedCombinations combinations{scores};
    RankedCombinations::Picks picks;
    space::Point point;
    for (int i = 0; i < most_combinations && combinations.next(picks); ++i) {
        point = point_of(picks);
        if (!known.contains(point)) {
            break;
        }
    }
    return point;
}

}  // namespace hpogrid::optimizers
