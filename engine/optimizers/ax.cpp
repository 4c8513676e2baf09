#include "engine/optimizers/ax.hpp"

#include "engine/core/parameter_reader.hpp"
#include "engine/optimizers/acquisition/maximizer.hpp"
#include "engine/optimizers/acquisition/process_acquisition.hpp"
#include "engine/optimizers/features/feature_map.hpp"
#include "engine/optimizers/gaussian_process/trial_model.hpp"
#include "engine/optimizers/learning_optimizer.hpp"
#include "engine/optimizers/sampling/unit_points.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <nlohmann/json.hpp>
#include <numbers>
#include <string>
#include <utility>
#include <vector>

namespace hpogrid::optimizers {
namespace {

using Eigen::Index;
using Eigen::MatrixXd;

struct Settings {
    std::size_t initialization_budget{5};
    std::size_t min_observed{3};
    bool initialize_with_center{true};
    bool models{true};
};

Settings read_settings(const OptimizerContext& context) {
    static constexpr std::array<std::string_view, 2> methods{"fast", "random_search"};
    Settings settings;
    ParameterReader reader{"algorithm_param", "ax", context.parameters};
    std::size_t budget = reader.count("num_initialization_trials", settings.initialization_budget, 0);
    budget = reader.count("initialization_budget", budget, 0);
    settings.initialization_budget = std::min(budget, reader.count("max_initialization_trials", budget, 0));
    const std::size_t half = (settings.initialization_budget + 1) / 2;
    settings.min_observed = reader.count("min_sobol_trials_observed", half, 0);
    settings.min_observed = reader.count("min_observed_initialization_trials", settings.min_observed, 0);
    settings.initialize_with_center = reader.flag("initialize_with_center", settings.initialize_with_center);
    settings.models = reader.choice("method", "fast", methods) == "fast";
    for (const std::string_view without_effect :
         {"random_seed", "initialization_random_seed", "verbose_logging", "enforce_sequential_optimization"}) {
        reader.allow(without_effect);
    }
    reader.finish();
    return settings;
}

/// BoTorch's SingleTaskGP: unit amplitude, a radial kernel, priors of Hvarfner et al. (2024), starts at their modes.
TrialModelOptions model_options(const FeatureMap& map) {
    const LogNormalPrior scales{
        std::numbers::sqrt2 + 0.5 * std::log(static_cast<double>(std::max<std::size_t>(map.group_count(), 1))),
        std::numbers::sqrt3};
    const LogNormalPrior noise{-4.0, 1.0};
    const auto mode = [](const LogNormalPrior& prior) { return std::exp(prior.mu - prior.sigma * prior.sigma); };
    return {.process = {.kernel = {Smoothness::rbf, {map.groups().begin(), map.groups().end()}},
                        .mean = PriorMean::constant,
                        .length_scale = {std::max(mode(scales), 0.025), 0.025, 1e3, scales},
                        .amplitude = {1.0, 1.0, 1.0},
                        .noise = {mode(noise), 1e-4, 10.0, noise}}};
}

class Ax final : public LearningOptimizer {
  public:
    Ax(const OptimizerContext& context, const Settings& settings)
        : LearningOptimizer{context},
          settings_{settings},
          start_{sobol_points(context.space.dimensions(), context.seed)},
          map_{context.space},
          model_{map_, history(), model_options(map_), context.seed} {}

  private:
    Suggestion propose(std::uint32_t index, RandomStream& random) override {
        const bool enough = settings_.models && index >= settings_.initialization_budget &&
                            model_.ended().size() >= settings_.min_observed;
        if (!enough || !model_.update()) {
            return start(index);
        }
        const NoisyExpectedImprovement acquisition{model_.process(), imagine(random)};
        auto proposals = maximize(acquisition, map_, history().points(), best_places(history()), random,
                                  affordable_limits(model_.process().size()));
        return proposals.empty() ? draw(random) : Suggestion{std::move(proposals.front().point), "log_nei"};
    }
    void learn(const Observation& observation) override { model_.learn(observation); }

    [[nodiscard]] Suggestion start(std::uint32_t index) const {
        std::vector<double> unit(space().dimensions(), 0.5);
        if (index == 0 && settings_.initialize_with_center) {
            return at(unit, "center");
        }
        start_(index, 0, unit);
        return at(unit, "sobol");
    }

    /// Joint samples of the function at the trials that may be the best, and at all that are pending. Answers the
    /// lowest value in each. [sample]
    [[nodiscard]] Eigen::VectorXd imagine(RandomStream& random) {
        constexpr Index samples = 32;
        constexpr std::size_t most_candidates = 16;
        model_.forget_imagined();
        std::vector<std::uint32_t> trials = likely_best(most_candidates);
        trials.insert(trials.end(), history().pending().begin(), history().pending().end());
        const MatrixXd innovations =
            MatrixXd::NullaryExpr(static_cast<Index>(trials.size()), samples, [&] { return random.normal(); });
        return model_.process().append_imagined(model_.features_of(trials), innovations).colwise().minCoeff();
    }

    /// The finished trials with the lowest posterior means.
    [[nodiscard]] std::vector<std::uint32_t> likely_best(std::size_t most) const {
        const MatrixXd means = model_.process().smoothed_targets();
        std::vector<std::pair<double, std::uint32_t>> order;
        for (std::size_t row = 0; row < model_.ended().size(); ++row) {
            if (history().trials()[model_.ended()[row]].state == KnownTrial::State::finished) {
                order.emplace_back(means(static_cast<Index>(row), 0), model_.ended()[row]);
            }
        }
        std::ranges::sort(order);
        std::vector<std::uint32_t> trials;
        for (std::size_t i = 0; i < std::min(most, order.size()); ++i) {
            trials.push_back(order[i].second);
        }
        return trials;
    }

    Settings settings_;
    UnitPoints start_;
    FeatureMap map_;
    TrialModel model_;
};

}  // namespace

std::unique_ptr<Optimizer> make_ax(const OptimizerContext& context) {
    return std::make_unique<Ax>(context, read_settings(context));
}

}  // namespace hpogrid::optimizers
