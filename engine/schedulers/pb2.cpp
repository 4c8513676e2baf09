#include "engine/schedulers/pb2.hpp"

#include "engine/core/parameter_reader.hpp"
#include "engine/schedulers/bandit_exploration.hpp"
#include "engine/schedulers/population.hpp"

#include <nlohmann/json.hpp>
#include <utility>

namespace hpogrid::schedulers {

std::unique_ptr<Scheduler> make_pb2(const SchedulerContext& context) {
    ParameterReader parameters{"scheduler_param", "pb2", context.parameters};
    PopulationOptions options = read_population_options(parameters);
    const nlohmann::json* bounds = parameters.object("hyperparam_bounds");
    parameters.finish();
    require_pausing(context, "pb2");
    auto exploration = std::make_unique<BanditExploration>(
        *context.space, bounds != nullptr ? *bounds : nlohmann::json{},
        BanditExploration::Options{.interval = options.perturbation_interval}, "pb2");
    return make_population(std::move(options), std::move(exploration), context.seed);
}

}  // namespace hpogrid::schedulers
