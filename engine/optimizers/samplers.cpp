#include "engine/optimizers/samplers.hpp"

#include "engine/core/error.hpp"
#include "engine/core/parameter_reader.hpp"
#include "engine/optimizers/sampling/sampler.hpp"
#include "engine/optimizers/sampling/unit_points.hpp"

#include <algorithm>

namespace hpogrid::optimizers {
namespace {

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
    return std::make_unique<Sampler>(
        context.space,
        Sampler::Plan{.origin = "sobol", .points = sobol_points(context.space.dimensions(), context.seed)});
}

}  // namespace hpogrid::optimizers
