#include "engine/schedulers/pbt.hpp"

#include "engine/core/parameter_reader.hpp"
#include "engine/schedulers/mutation.hpp"
#include "engine/schedulers/population.hpp"

#include <nlohmann/json.hpp>
#include <utility>

namespace hpogrid::schedulers {

std::unique_ptr<Scheduler> make_pbt(const SchedulerContext& context) {
    ParameterReader parameters{"scheduler_param", "pbt", context.parameters};
    PopulationOptions options = read_population_options(parameters);
    options.burn_in_period = parameters.number("burn_in_period", options.burn_in_period, 0);
    Mutation::Options mutation;
    mutation.resample_probability =
        parameters.number_between("resample_probability", mutation.resample_probability, 0, 1);
    mutation.factors = parameters.numbers("perturbation_factors", mutation.factors, 0);
    const nlohmann::json* mutations = parameters.object("hyperparam_mutations");
    parameters.finish();
    require_pausing(context, "pbt");
    return make_population(
        std::move(options),
        std::make_unique<Mutation>(*context.space, mutations != nullptr ? *mutations : nlohmann::json{},
                                   std::move(mutation), "pbt"),
        context.seed);
}

}  // namespace hpogrid::schedulers
