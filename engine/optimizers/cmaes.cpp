#include "engine/optimizers/cmaes.hpp"

#include "engine/core/error.hpp"
#include "engine/core/nearest.hpp"
#include "engine/core/parameter_reader.hpp"
#include "engine/optimizers/evolution/cma_strategy.hpp"
#include "engine/optimizers/evolution_optimizer.hpp"
#include "engine/space/quantile.hpp"
#include "engine/space/value_json.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <nlohmann/json.hpp>

namespace hpogrid::optimizers {
namespace {

using nlohmann::json;

/// Where `x0` wants a parameter to start.
double start_of(const space::Parameter& parameter, const json& wanted) {
    const auto value = space::from_json(parameter.method, wanted);
    if (!value || std::holds_alternative<space::Category>(*value)) {
        const bool categorical = std::holds_alternative<space::Categorical>(parameter.method);
        throw InputError{fmt::format(
            "algorithm_param key 'x0' of 'cmaes' has {} for '{}', allowed: {}", wanted.dump(), parameter.name,
            categorical ? "only numerical parameters" : space::allowed_values(parameter.method))};
    }
    return space::unit_of(parameter.method, *value);
}

/// The middle of the cube, moved to `x0` where it names a parameter. [dimension]
std::vector<double> start_of(const space::Space& space, const json& parameters) {
    const json x0 = parameters.is_object() ? parameters.value("x0", json{}) : json{};
    if (!x0.is_object() && !x0.is_null()) {
        throw InputError{
            fmt::format("algorithm_param key 'x0' of 'cmaes' is {}, allowed: an object {{name: number}}", x0.dump())};
    }
    std::vector<double> start;
    std::vector<std::string_view> names;
    for (const space::Parameter& parameter : space.parameters()) {
        if (!std::holds_alternative<space::Fixed>(parameter.method)) {
            start.push_back(x0.contains(parameter.name) ? start_of(parameter, x0[parameter.name]) : 0.5);
            names.push_back(parameter.name);
        }
    }
    for (const auto& [name, value] : x0.items()) {
        if (std::ranges::find(names, name) == names.end()) {
            throw InputError{fmt::format("algorithm_param key 'x0' of 'cmaes' names '{}'{}, allowed: {}", name,
                                         did_you_mean(name, names), join_names(names))};
        }
    }
    return start;
}

Restarts::Strategy restarts_of(ParameterReader& reader) {
    constexpr std::array<std::string_view, 3> names{"ipop", "bipop", "none"};
    const std::string name = reader.choice("restart_strategy", "ipop", names);
    return name == "ipop"    ? Restarts::Strategy::ipop
           : name == "bipop" ? Restarts::Strategy::bipop
                             : Restarts::Strategy::none;
}

}  // namespace

std::unique_ptr<Optimizer> make_cmaes(const OptimizerContext& context) {
    ParameterReader reader{"algorithm_param", "cmaes", context.parameters};
    CmaStrategy::Options options;
    options.seed = context.seed;
    options.startup_trials = reader.count("n_startup_trials", 1, 0);
    options.cma.sigma = reader.number("sigma0", options.cma.sigma, 0.0, true);
    options.cma.population = reader.count("popsize", CmaConstants::default_population(context.space.dimensions()), 2);
    options.cma.margin = reader.flag("with_margin", true);
    options.cma.covariance = reader.flag("use_separable_cma", false) ? Covariance::diagonal : Covariance::full;
    options.restarts = restarts_of(reader);
    options.restart_factor = reader.count("inc_popsize", 2, 1);
    reader.allow("x0");
    reader.finish();
    return std::make_unique<EvolutionOptimizer>(
        context, std::make_unique<CmaStrategy>(cube_dimensions(context.space),
                                               start_of(context.space, context.parameters), options));
}

}  // namespace hpogrid::optimizers
