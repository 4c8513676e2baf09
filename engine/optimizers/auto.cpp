#include "engine/optimizers/auto.hpp"

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
#include <limits>
#include <nlohmann/json.hpp>
#include <numbers>
#include <string>
#include <utility>
#include <vector>

namespace hpogrid::optimizers {
namespace {

struct Settings {
    std::size_t initial_points{5};
    bool rank_scores{true};
    bool power_scores{true};
    bool full_training{true};
    double main_effects{0.5};  ///< share of the variance, where all parameters are categories
    std::string acquisition{"lcb"};
    std::vector<double> kappas{0.5, 1.0, 2.0, 3.0};  ///< of the trials by turns
};

Settings read_settings(const OptimizerContext& context) {
    static constexpr std::array<std::string_view, 2> acquisitions{"lcb", "log_ei"};
    Settings settings;
    const std::size_t tenth = context.num_trials / 10;
    settings.initial_points = std::max<std::size_t>(5, std::min(context.space.dimensions() + 1, tenth));
    ParameterReader reader{"algorithm_param", "auto", context.parameters};
    settings.initial_points = reader.count("n_initial_points", settings.initial_points, 1);
    settings.rank_scores = reader.flag("rank_scores", settings.rank_scores);
    settings.power_scores = reader.flag("power_scores", settings.power_scores);
    settings.full_training = reader.flag("full_training", settings.full_training);
    settings.main_effects = reader.number_between("main_effects", settings.main_effects, 0.0, 0.9);
    settings.acquisition = reader.choice("acquisition", settings.acquisition, acquisitions);
    if (context.parameters.contains("kappa")) {
        settings.kappas = {reader.number("kappa", 0.0, 0.0)};
    }
    reader.allow("kappa");
    reader.finish();
    return settings;
}

/// Of categories that every trial has, the more the larger their part of all parameters.
MainEffects main_effects_of(const FeatureMap& map, double share) {
    MainEffects effects;
    for (const Coordinate& coordinate : map.coordinates()) {
        if (coordinate.kind == Coordinate::Kind::category && coordinate.feature_count > 0 && !coordinate.conditional) {
            ++effects.categories;
            for (std::size_t feature = 0; feature < coordinate.feature_count; ++feature) {
                effects.features.push_back(coordinate.first_feature + feature);
            }
        }
    }
    const auto groups = static_cast<double>(std::max<std::size_t>(map.group_count(), 1));
    effects.share = share * static_cast<double>(effects.categories) / groups;
    return effects;
}

TrialModelOptions model_options(const FeatureMap& map, const Settings& settings) {
    const auto groups = static_cast<double>(std::max<std::size_t>(map.group_count(), 1));
    const LogNormalPrior scales{std::numbers::sqrt2 + 0.5 * std::log(groups), std::numbers::sqrt3};
    const LogNormalPrior amplitude{0.0, 0.5};
    const LogNormalPrior noise{-6.0, 1.5};
    const double likely_scale = std::exp(scales.mu - scales.sigma * scales.sigma);
    return {.process = {.kernel = {Smoothness::matern52,
                                   {map.groups().begin(), map.groups().end()},
                                   main_effects_of(map, settings.main_effects)},
                        .mean = PriorMean::constant,
                        .length_scale = {std::max(likely_scale, 0.2), 0.025, 1e3, scales},
                        .amplitude = {1.0, 0.05, 20.0, amplitude},
                        .noise = {1e-3, 1e-9, 2.0, noise}},
            .shape = {.outliers = settings.rank_scores ? ScoreScale::Outliers::rank : ScoreScale::Outliers::compress,
                      .normal = settings.power_scores},
            .training = settings.full_training ? Training::full : Training::as_it_was};
}

class Automatic final : public LearningOptimizer {
  public:
    Automatic(const OptimizerContext& context, Settings settings)
        : LearningOptimizer{context},
          settings_{std::move(settings)},
          start_{sobol_points(context.space.dimensions(), context.seed)},
          map_{context.space},
          model_{map_, history(), model_options(map_, settings_), context.seed} {}

  private:
    Suggestion propose(std::uint32_t index, RandomStream& random) override {
        if (index < settings_.initial_points || !model_.update()) {
            std::vector<double> unit(space().dimensions());
            start_(index, 0, unit);
            return at(unit, "sobol");
        }
        model_.imagine_pending();
        const bool bound = settings_.acquisition == "lcb";
        // By the trial's index and not by what was asked before, so that a resumed study asks the same.
        const PointwiseCriterion criterion =
            bound ? PointwiseCriterion{LowerConfidenceBound{settings_.kappas[index % settings_.kappas.size()]}}
                  : PointwiseCriterion{ExpectedImprovement{lowest_mean()}};
        const ProcessAcquisition acquisition{model_.process(), criterion};
        auto proposals = maximize(acquisition, map_, history().points(), best_places(history()), random,
                                  affordable_limits(model_.process().size()));
        return proposals.empty() ? draw(random) : Suggestion{std::move(proposals.front().point), settings_.acquisition};
    }
    void learn(const Observation& observation) override { model_.learn(observation); }

    /// The lowest posterior mean at the place of a finished trial: with noise, the lowest score is luck.
    [[nodiscard]] double lowest_mean() const {
        double lowest = std::numeric_limits<double>::infinity();
        const Eigen::MatrixXd means = model_.process().predict_mean(model_.features_of(model_.ended()));
        for (std::size_t row = 0; row < model_.ended().size(); ++row) {
            if (history().trials()[model_.ended()[row]].state == KnownTrial::State::finished) {
                lowest = std::min(lowest, means(0, static_cast<Eigen::Index>(row)));
            }
        }
        return lowest;
    }

    Settings settings_;
    UnitPoints start_;
    FeatureMap map_;
    TrialModel model_;
};

}  // namespace

std::unique_ptr<Optimizer> make_auto(const OptimizerContext& context) {
    return std::make_unique<Automatic>(context, read_settings(context));
}

}  // namespace hpogrid::optimizers
