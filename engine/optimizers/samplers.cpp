#include "engine/optimizers/samplers.hpp"

#include "engine/core/error.hpp"
#include "engine/core/parameter_reader.hpp"
#include "engine/core/random.hpp"
#include "engine/optimizers/sampler.hpp"
#include "engine/optimizers/sobol_sequence.hpp"

#include <algorithm>

namespace hpogrid::optimizers {
namespace {

/// Independent uniform numbers; each retry takes the next ones of the trial's own stream.
UnitPoints independent_draws(std::uint64_t seed) {
    return [seed](std::uint32_t index, std::uint32_t retry, std::span<double> unit) {
        RandomStream stream{seed, index, RandomPurpose::suggestion};
        for (std::uint32_t round = 0; round <= retry; ++round) {
            std::ranges::generate(unit, [&] { return stream.uniform(); });
        }
    };
}

bool any_marked(const space::Space& space) {
    return std::ranges::any_of(space.parameters(), [](const space::Parameter& parameter) {
        const auto* categorical = std::get_if<space::Categorical>(&parameter.method);
        return categorical != nullptr && categorical->grid_search;
    });
}

void refuse_parameters(std::string_view algorithm, const OptimizerContext& context) {
    ParameterReader{"algorithm_param", algorithm, context.parameters}.finish();
}

}  // namespace

std::unique_ptr<Optimizer> make_random(const OptimizerContext& context) {
    refuse_parameters("random", context);
    return std::make_unique<Sampler>(context.space,
                                     Sampler::Plan{.origin = "random", .points = independent_draws(context.seed)});
}

std::unique_ptr<Optimizer> make_grid(const OptimizerContext& context) {
    refuse_parameters("grid", context);
    const auto which = any_marked(context.space) ? GridCells::Which::marked : GridCells::Which::categorical;
    if (GridCells{context.space, which}.empty()) {
        throw InputError{"algorithm 'grid' has nothing to cross, allowed: a search space with a categorical parameter"};
    }
    return std::make_unique<Sampler>(
        context.space,
        Sampler::Plan{
            .origin = "grid", .points = independent_draws(context.seed), .crossed = which, .ends_with_grid = true});
}

std::unique_ptr<Optimizer> make_sobol(const OptimizerContext& context) {
    refuse_parameters("sobol", context);
    const SobolSequence sequence{context.space.dimensions(), context.seed};
    return std::make_unique<Sampler>(
        context.space, Sampler::Plan{.origin = "sobol",
                                     .points = [sequence, fallback = independent_draws(context.seed)](
                                                   std::uint32_t index, std::uint32_t retry, std::span<double> unit) {
                                         if (retry == 0) {
                                             sequence.point(index, unit);
                                         } else {
                                             fallback(index, retry, unit);
                                         }
                                     }});
}

}  // namespace hpogrid::optimizers
