#include "engine/optimizers/nevergrad.hpp"

#include "engine/core/parameter_reader.hpp"
#include "engine/optimizers/evolution/cma_strategy.hpp"
#include "engine/optimizers/evolution/coordinate_mutation.hpp"
#include "engine/optimizers/evolution/differential_evolution.hpp"
#include "engine/optimizers/evolution/linear_trust_region.hpp"
#include "engine/optimizers/evolution/meta_model.hpp"
#include "engine/optimizers/evolution/one_plus_one.hpp"
#include "engine/optimizers/evolution_optimizer.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <nlohmann/json.hpp>

namespace hpogrid::optimizers {
namespace {

using Amount = CoordinateMutation::Amount;
using Crossover = DifferentialEvolution::Crossover;

/// What a method is made of.
struct Problem {
    std::vector<CubeDimension> dimensions;
    std::size_t budget;
    std::size_t workers;
    std::uint64_t seed;
};

using Strategy = std::unique_ptr<EvolutionStrategy>;

template <OnePlusOne::Noise noise>
Strategy one_plus_one(const Problem& problem) {
    return std::make_unique<OnePlusOne>(problem.dimensions, noise);
}

template <Amount amount>
Strategy mutation(const Problem& problem) {
    return std::make_unique<CoordinateMutation>(problem.dimensions,
                                                CoordinateMutation::Options{amount, problem.budget});
}

template <Crossover crossover>
Strategy differential_evolution(const Problem& problem) {
    const std::size_t population = std::max<std::size_t>(30, problem.workers);
    return std::make_unique<DifferentialEvolution>(problem.dimensions,
                                                   DifferentialEvolution::Options{population, crossover});
}

/// The step of nevergrad's CMA: 0.3 standard deviations of a bounded scalar, half of it from 18 dimensions.
CmaStrategy::Options cma_options(const Problem& problem, Covariance covariance) {
    const std::size_t dimensions = problem.dimensions.size();
    return {.cma = {.sigma = (dimensions < 18 ? 0.3 : 0.15) / 6.0,
                    .population = std::max(problem.workers, CmaConstants::default_population(dimensions)),
                    .covariance = covariance},
            .restarts = Restarts::Strategy::ipop,
            .restart_factor = 1,
            .seed = problem.seed};
}

/// CMA-ES for numbers and categories together: the wider first step that Optuna's has, because a category must be seen
/// with more than one neighbourhood of numbers.
Strategy mixed_cma(const Problem& problem) {
    CmaStrategy::Options options = cma_options(problem, Covariance::full);
    options.cma.sigma = 1.0 / 6.0;
    return std::make_unique<CmaStrategy>(problem.dimensions, std::vector<double>(problem.dimensions.size(), 0.5),
                                         options);
}

template <Covariance covariance>
Strategy cma(const Problem& problem) {
    return std::make_unique<CmaStrategy>(problem.dimensions, std::vector<double>(problem.dimensions.size(), 0.5),
                                         cma_options(problem, covariance));
}

Strategy meta_model(const Problem& problem) {
    return std::make_unique<MetaModel>(problem.dimensions, cma_options(problem, Covariance::full), problem.workers);
}

Strategy cobyla(const Problem& problem) {
    return std::make_unique<LinearTrustRegion>(problem.dimensions.size(), problem.seed);
}

Strategy chosen(const Problem& problem);

struct Method {
    std::string_view name;
    Strategy (*make)(const Problem&);
};

constexpr std::array methods{
    Method{"NGOpt", &chosen},
    Method{"OnePlusOne", &one_plus_one<OnePlusOne::Noise::gaussian>},
    Method{"CauchyOnePlusOne", &one_plus_one<OnePlusOne::Noise::cauchy>},
    Method{"DiscreteOnePlusOne", &mutation<Amount::discrete>},
    Method{"PortfolioDiscreteOnePlusOne", &mutation<Amount::portfolio>},
    Method{"FastGADiscreteOnePlusOne", &mutation<Amount::fast>},
    Method{"DoubleFastGADiscreteOnePlusOne", &mutation<Amount::double_fast>},
    Method{"DiscreteBSOOnePlusOne", &mutation<Amount::decreasing>},
    Method{"DiscreteLenglerOnePlusOne", &mutation<Amount::lengler>},
    Method{"DE", &differential_evolution<Crossover::coordinates>},
    Method{"TwoPointsDE", &differential_evolution<Crossover::two_points>},
    Method{"CMA", &cma<Covariance::full>},
    Method{"DiagonalCMA", &cma<Covariance::diagonal>},
    Method{"MetaModel", &meta_model},
    Method{"Cobyla", &cobyla},
};

Strategy chosen(const Problem& problem) {
    using Kind = CubeDimension::Kind;
    const auto any = [&](Kind kind) {
        return std::ranges::any_of(problem.dimensions,
                                   [kind](const auto& dimension) { return dimension.kind == kind; });
    };
    const std::size_t dimensions = problem.dimensions.size();
    const std::size_t trials = problem.budget;
    const std::size_t workers = problem.workers;
    if (any(Kind::category)) {
        const bool numbers = any(Kind::real) || any(Kind::ordered);
        return numbers ? mixed_cma(problem) : mutation<Amount::decreasing>(problem);
    }
    if (any(Kind::ordered)) {
        return mutation<Amount::double_fast>(problem);
    }
    if (workers == 1 && trials < 200 * dimensions && (dimensions > 1 || trials < 50)) {
        return cobyla(problem);
    }
    if (dimensions <= 1) {
        return one_plus_one<OnePlusOne::Noise::gaussian>(problem);
    }
    if (dimensions > 2000) {
        return differential_evolution<Crossover::coordinates>(problem);
    }
    return trials < 600 ? meta_model(problem) : cma<Covariance::full>(problem);
}

std::vector<std::string_view> method_names() {
    std::vector<std::string_view> names;
    std::ranges::transform(methods, std::back_inserter(names), &Method::name);
    return names;
}

/// Budget and workers stand beside the optimiser or in Ray Tune's `optimizer_kwargs`.
void read_plan(ParameterReader& reader, Problem& problem) {
    problem.budget = reader.count("budget", problem.budget, 1);
    problem.workers = reader.count("num_workers", problem.workers, 1);
}

}  // namespace

std::unique_ptr<Optimizer> make_nevergrad(const OptimizerContext& context) {
    Problem problem{cube_dimensions(context.space), std::max<std::size_t>(context.num_trials, 1),
                    std::max<std::size_t>(context.concurrency, 1), context.seed};
    ParameterReader reader{"algorithm_param", "nevergrad", context.parameters};
    const std::string name = reader.choice("optimizer", "NGOpt", method_names());
    if (context.parameters.is_object() && context.parameters.contains("optimizer_kwargs")) {
        ParameterReader inner{"optimizer_kwargs", "nevergrad", context.parameters["optimizer_kwargs"]};
        read_plan(inner, problem);
        inner.finish();
    }
    read_plan(reader, problem);
    reader.allow("optimizer_kwargs");
    reader.finish();
    const auto method = std::ranges::find(methods, std::string_view{name}, &Method::name);
    return std::make_unique<EvolutionOptimizer>(context, method->make(problem));
}

}  // namespace hpogrid::optimizers
