#include "engine/optimizers/sampling/unit_points.hpp"

#include "engine/core/random.hpp"
#include "engine/optimizers/sampling/sobol_sequence.hpp"

#include <algorithm>

namespace hpogrid::optimizers {

UnitPoints independent_draws(std::uint64_t seed) {
    return [seed](std::uint32_t index, std::uint32_t retry, std::span<double> unit) {
        RandomStream stream{seed, index, RandomPurpose::suggestion};
        for (std::uint32_t round = 0; round <= retry; ++round) {
            std::ranges::generate(unit, [&] { return stream.uniform(); });
        }
    };
}

UnitPoints sobol_points(std::size_t dimensions, std::uint64_t seed) {
    return [sequence = SobolSequence{dimensions, seed}, fallback = independent_draws(seed)](
               std::uint32_t index, std::uint32_t retry, std::span<double> unit) {
        if (retry == 0) {
            sequence.point(index, unit);
        } else {
            fallback(index, retry, unit);
        }
    };
}

}  // namespace hpogrid::optimizers
