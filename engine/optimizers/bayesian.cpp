#include "engine/optimizers/bayesian.hpp"

#include "engine/core/parameter_reader.hpp"
#include "engine/optimizers/acquisition/maximizer.hpp"
#include "engine/optimizers/acquisition/process_acquisition.hpp"
#include "engine/optimizers/features/feature_map.hpp"
#include "engine/optimizers/gaussian_process/trial_model.hpp"
#include "engine/optimizers/learning_optimizer.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <nlohmann/json.hpp>
#include <string>
#include <utility>

namespace hpogrid::optimizers {
namespace {

struct Utility {
    std::string kind{"ucb"};
    double kappa{2.576};
    double xi{0.0};
    double kappa_decay{1.0};
    std::size_t kappa_decay_delay{0};
};

struct Settings {
    std::size_t random_search_steps{10};
    double alpha{1e-6};
    Utility utility;
};

void read_utility(ParameterReader& reader, Utility& utility) {
    static constexpr std::array<std::string_view, 3> kinds{"ucb", "ei", "poi"};
    utility.kind = reader.choice("kind", utility.kind, kinds);
    utility.kappa = reader.number("kappa", utility.kappa, 0.0);
    utility.xi = reader.number("xi", utility.xi, 0.0);
    utility.kappa_decay = reader.number_between("kappa_decay", utility.kappa_decay, 0.0, 1.0);
    utility.kappa_decay_delay = reader.count("kappa_decay_delay", utility.kappa_decay_delay, 0);
}

Settings read_settings(const OptimizerContext& context) {
    Settings settings;
    ParameterReader reader{"algorithm_param", "bayesian", context.parameters};
    if (const nlohmann::json* utility = reader.object("utility_kwargs")) {
        ParameterReader inner{"algorithm_param.utility_kwargs", "bayesian", *utility};
        read_utility(inner, settings.utility);
        inner.finish();
    }
    read_utility(reader, settings.utility);
    static constexpr std::array<std::string_view, 3> kinds{"ucb", "ei", "poi"};
    settings.utility.kind = reader.choice("acq", settings.utility.kind, kinds);
    settings.random_search_steps = reader.count("random_search_steps", settings.random_search_steps, 1);
    settings.alpha = reader.number("alpha", settings.alpha, 0.0, true);
    for (const std::string_view without_effect : {"patience", "skip_duplicate", "random_state", "verbose"}) {
        reader.allow(without_effect);
    }
    reader.finish();
    return settings;
}

TrialModelOptions model_options(const FeatureMap& map, double alpha) {
    // scikit-learn's defaults for a bare Matérn kernel: amplitude 1, bounds 1e±5. In the unit cube a length of 1 is
    // long already.
    return {.process = {.kernel = {Smoothness::matern52, std::vector<std::size_t>(map.feature_count(), 0)},
                        .length_scale = {0.5, 1e-3, 1e2},
                        .amplitude = {1.0, 1.0, 1.0},
                        .noise = {alpha, alpha, alpha}},
            .restarts = 2};
}

class Bayesian final : public LearningOptimizer {
  public:
    Bayesian(const OptimizerContext& context, Settings settings)
        : LearningOptimizer{context},
          settings_{std::move(settings)},
          map_{context.space},
          model_{map_, history(), model_options(map_, settings_.alpha), context.seed} {}

  private:
    Suggestion propose(std::uint32_t index, RandomStream& random) override {
        const bool enough =
            index >= settings_.random_search_steps && 2 * model_.ended().size() >= settings_.random_search_steps;
        if (!enough || !model_.update()) {
            return draw(random);
        }
        model_.imagine_pending();
        const ProcessAcquisition acquisition{model_.process(), criterion(index)};
        auto proposals = maximize(acquisition, map_, history().points(), best_places(history()), random,
                                  affordable_limits(model_.process().size()));
        return proposals.empty() ? draw(random)
                                 : Suggestion{std::move(proposals.front().point), settings_.utility.kind};
    }
    void learn(const Observation& observation) override { model_.learn(observation); }

    [[nodiscard]] PointwiseCriterion criterion(std::uint32_t index) const {
        const Utility& utility = settings_.utility;
        if (utility.kind == "ei") {
            return ExpectedImprovement{model_.best_target() - utility.xi};
        }
        if (utility.kind == "poi") {
            return ProbabilityOfImprovement{model_.best_target() - utility.xi};
        }
        const std::size_t asked = index - settings_.random_search_steps;
        const std::size_t decays = asked - std::min(asked, utility.kappa_decay_delay);
        return LowerConfidenceBound{utility.kappa * std::pow(utility.kappa_decay, static_cast<double>(decays))};
    }

    Settings settings_;
    FeatureMap map_;
    TrialModel model_;
};

}  // namespace

std::unique_ptr<Optimizer> make_bayesian(const OptimizerContext& context) {
    return std::make_unique<Bayesian>(context, read_settings(context));
}

}  // namespace hpogrid::optimizers
