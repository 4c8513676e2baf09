#include "engine/optimizers/skopt.hpp"

#include "engine/core/error.hpp"
#include "engine/core/parameter_reader.hpp"
#include "engine/optimizers/acquisition/maximizer.hpp"
#include "engine/optimizers/features/feature_map.hpp"
#include "engine/optimizers/learning_optimizer.hpp"
#include "engine/optimizers/sampling/unit_points.hpp"
#include "engine/optimizers/surrogates/process_surrogate.hpp"
#include "engine/optimizers/surrogates/tree_surrogate.hpp"

#include <algorithm>
#include <array>
#include <cctype>
#include <cmath>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace hpogrid::optimizers {
namespace {

using Eigen::Index;

constexpr std::array<std::string_view, 3> hedged{"EI", "LCB", "PI"};

struct Settings {
    std::string base_estimator{"GP"};
    std::size_t n_initial_points{10};
    bool starts_with_sobol{false};
    std::string acq_func{"gp_hedge"};
    double xi{0.01};
    double kappa{1.96};
    double eta{1.0};
    std::string acq_optimizer{"auto"};
    std::optional<std::size_t> n_points;
    std::optional<std::size_t> n_restarts_optimizer;
};

std::string upper(std::string text) {
    std::ranges::transform(text, text.begin(),
                           [](unsigned char letter) { return static_cast<char>(std::toupper(letter)); });
    return text;
}

void read_acquisition(ParameterReader& reader, Settings& settings) {
    static constexpr std::array<std::string_view, 4> functions{"gp_hedge", "EI", "LCB", "PI"};
    static constexpr std::array<std::string_view, 3> optimizers{"auto", "sampling", "lbfgs"};
    settings.acq_func = reader.choice("acq_func", settings.acq_func, functions);
    if (const nlohmann::json* document = reader.object("acq_func_kwargs")) {
        ParameterReader inner{"algorithm_param.acq_func_kwargs", "skopt", *document};
        settings.xi = inner.number("xi", settings.xi, 0.0);
        settings.kappa = inner.number("kappa", settings.kappa, 0.0);
        settings.eta = inner.number("eta", settings.eta, 0.0);
        inner.finish();
    }
    settings.acq_optimizer = reader.choice("acq_optimizer", settings.acq_optimizer, optimizers);
    if (const nlohmann::json* document = reader.object("acq_optimizer_kwargs")) {
        ParameterReader inner{"algorithm_param.acq_optimizer_kwargs", "skopt", *document};
        if (document->contains("n_points")) {
            settings.n_points = inner.count("n_points", 0, 1);
        }
        inner.allow("n_points");
        if (document->contains("n_restarts_optimizer")) {
            settings.n_restarts_optimizer = inner.count("n_restarts_optimizer", 1, 1);
        }
        inner.allow("n_restarts_optimizer");
        inner.allow("n_jobs");
        inner.finish();
    }
}

Settings read_settings(const OptimizerContext& context) {
    // The original takes either case.
    static constexpr std::array<std::string_view, 10> estimators{"GP", "RF", "ET", "GBRT", "DUMMY",
                                                                 "gp", "rf", "et", "gbrt", "dummy"};
    static constexpr std::array<std::string_view, 2> generators{"random", "sobol"};
    Settings settings;
    ParameterReader reader{"algorithm_param", "skopt", context.parameters};
    settings.base_estimator = upper(reader.choice("base_estimator", settings.base_estimator, estimators));
    settings.n_initial_points = reader.count("n_random_starts", settings.n_initial_points, 0);
    settings.n_initial_points = reader.count("n_initial_points", settings.n_initial_points, 0);
    settings.starts_with_sobol = reader.choice("initial_point_generator", "random", generators) == "sobol";
    read_acquisition(reader, settings);
    for (const std::string_view without_effect : {"random_state", "n_jobs", "model_queue_size", "avoid_duplicates"}) {
        reader.allow(without_effect);
    }
    reader.finish();
    if (settings.acq_optimizer == "lbfgs" && settings.base_estimator != "GP") {
        throw InputError{
            "algorithm_param key 'acq_optimizer' of 'skopt' is \"lbfgs\" (only a base_estimator 'GP' has "
            "gradients), allowed: auto, sampling"};
    }
    return settings;
}

std::unique_ptr<Surrogate> make_surrogate(const std::string& base_estimator, const FeatureMap& map,
                                          const TrialHistory& history, std::uint64_t seed) {
    if (base_estimator == "RF") {
        return std::make_unique<TreeSurrogate>(map, history, TreeSurrogate::Kind::random_forest);
    }
    if (base_estimator == "ET") {
        return std::make_unique<TreeSurrogate>(map, history, TreeSurrogate::Kind::extra_trees);
    }
    if (base_estimator == "GBRT") {
        return std::make_unique<TreeSurrogate>(map, history, TreeSurrogate::Kind::quantile_boosting);
    }
    return std::make_unique<ProcessSurrogate>(
        map, history,
        TrialModelOptions{.process = {.kernel = {Smoothness::matern52, {map.groups().begin(), map.groups().end()}},
                                      .length_scale = {1.0, 0.01, 100.0},
                                      .amplitude = {1.0, 0.01, 1000.0},
                                      .noise = {0.1, 1e-5, 1e2}},
                          .restarts = 1},
        seed);
}

class Skopt final : public LearningOptimizer {
  public:
    Skopt(const OptimizerContext& context, Settings settings)
        : LearningOptimizer{context},
          settings_{std::move(settings)},
          start_{settings_.starts_with_sobol ? sobol_points(context.space.dimensions(), context.seed) : UnitPoints{}},
          map_{context.space},
          surrogate_{make_surrogate(settings_.base_estimator, map_, history(), context.seed)} {}

  private:
    Suggestion propose(std::uint32_t index, RandomStream& random) override {
        const bool enough = settings_.base_estimator != "DUMMY" && index >= settings_.n_initial_points &&
                            2 * surrogate_->ended() >= settings_.n_initial_points;
        if (!enough || !surrogate_->update(random)) {
            return start(index, random);
        }
        if (settings_.acq_func == "gp_hedge") {
            return hedge(random);
        }
        auto proposal = proposed_by(settings_.acq_func, random);
        return proposal ? Suggestion{std::move(proposal->point), settings_.acq_func} : draw(random);
    }
    void learn(const Observation& observation) override { surrogate_->learn(observation); }

    [[nodiscard]] Suggestion start(std::uint32_t index, RandomStream& random) const {
        if (!start_ || index >= settings_.n_initial_points) {
            return draw(random);
        }
        std::vector<double> unit(space().dimensions());
        start_(index, 0, unit);
        return at(unit, "sobol");
    }

    [[nodiscard]] PointwiseCriterion criterion(std::string_view function) const {
        const double best = surrogate_->best_target() - settings_.xi;
        if (function == "EI") {
            return ExpectedImprovement{best};
        }
        if (function == "PI") {
            return ProbabilityOfImprovement{best};
        }
        return LowerConfidenceBound{settings_.kappa};
    }

    [[nodiscard]] std::optional<ProposedPoint> proposed_by(std::string_view function, RandomStream& random) const {
        MaximizerLimits limits = surrogate_->limits();
        if (settings_.acq_func == "gp_hedge") {
            // Three searches share what one may take.
            limits.quasi_random /= hedged.size();
            limits.mutations /= hedged.size();
            limits.starts = 2;
        }
        limits.quasi_random = settings_.n_points.value_or(limits.quasi_random);
        limits.starts = settings_.n_restarts_optimizer.value_or(limits.starts);
        if (settings_.acq_optimizer == "sampling") {
            limits.starts = 0;
        }
        const auto acquisition = surrogate_->acquisition(criterion(function));
        auto proposals = maximize(*acquisition, map_, history().points(), best_places(history()), random, limits);
        return proposals.empty() ? std::nullopt : std::optional{std::move(proposals.front())};
    }

    /// Credits the last proposals of all criteria with what the model thinks of them now, and draws a criterion.
    [[nodiscard]] Suggestion hedge(RandomStream& random) {
        if (last_proposals_.cols() > 0) {
            const Eigen::VectorXd means = surrogate_->mean(last_proposals_);
            for (std::size_t i = 0; i < hedged.size(); ++i) {
                gains_[i] -= means(static_cast<Index>(i));
            }
        }
        std::array<std::optional<ProposedPoint>, hedged.size()> proposals;
        Eigen::MatrixXd features(static_cast<Index>(map_.feature_count()), static_cast<Index>(hedged.size()));
        for (std::size_t i = 0; i < hedged.size(); ++i) {
            proposals[i] = proposed_by(hedged[i], random);
            if (!proposals[i]) {
                return draw(random);
            }
            map_.write(proposals[i]->point, proposals[i]->unit,
                       {features.col(static_cast<Index>(i)).data(), map_.feature_count()});
        }
        last_proposals_ = std::move(features);
        const std::size_t chosen = drawn_criterion(random);
        return {std::move(proposals[chosen]->point), std::string{hedged[chosen]}};
    }

    [[nodiscard]] std::size_t drawn_criterion(RandomStream& random) const {
        const double most = std::ranges::max(gains_);
        std::array<double, hedged.size()> weights{};
        double total = 0.0;
        for (std::size_t i = 0; i < weights.size(); ++i) {
            weights[i] = std::exp(settings_.eta * (gains_[i] - most));
            total += weights[i];
        }
        double rest = total * random.uniform();
        std::size_t chosen = 0;
        while (chosen + 1 < weights.size() && rest > weights[chosen]) {
            rest -= weights[chosen++];
        }
        return chosen;
    }

    Settings settings_;
    UnitPoints start_;
    FeatureMap map_;
    std::unique_ptr<Surrogate> surrogate_;
    std::array<double, hedged.size()> gains_{};
    Eigen::MatrixXd last_proposals_;  ///< features of what each criterion proposed last. [feature][criterion]
};

}  // namespace

std::unique_ptr<Optimizer> make_skopt(const OptimizerContext& context) {
    return std::make_unique<Skopt>(context, read_settings(context));
}

}  // namespace hpogrid::optimizers
