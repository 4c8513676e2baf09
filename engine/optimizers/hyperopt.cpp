#include "engine/optimizers/hyperopt.hpp"

#include "engine/core/error.hpp"
#include "engine/core/parameter_reader.hpp"
#include "engine/optimizers/learning_optimizer.hpp"
#include "engine/optimizers/parzen/best_new_point.hpp"
#include "engine/optimizers/parzen/linear_forgetting.hpp"
#include "engine/optimizers/parzen/observed_axes.hpp"
#include "engine/optimizers/parzen/trial_split.hpp"
#include "engine/optimizers/parzen/univariate_parzen.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <span>
#include <utility>
#include <vector>

namespace hpogrid::optimizers {
namespace {

using Side = TrialSplit::Side;

struct Options {
    std::size_t startup;
    std::size_t candidates;
    double gamma;
    double prior_weight;
    std::size_t forgetting;
    std::uint64_t seed;
};

/// Two names of one number: hyperopt's and Ray Tune's.
std::size_t read_startup(ParameterReader& reader) {
    constexpr std::size_t absent = ~std::size_t{0};
    const std::size_t jobs = reader.count("n_startup_jobs", absent, 0);
    const std::size_t points = reader.count("n_initial_points", absent, 0);
    if (jobs != absent && points != absent && jobs != points) {
        throw InputError{fmt::format(
            "algorithm_param keys 'n_startup_jobs' and 'n_initial_points' of 'hyperopt' are {} and {}, allowed: one of "
            "them, they mean the same",
            jobs, points)};
    }
    return jobs != absent ? jobs : points != absent ? points : 20;
}

Options read_options(const OptimizerContext& context) {
    ParameterReader reader{"algorithm_param", "hyperopt", context.parameters};
    Options options{};
    options.startup = read_startup(reader);
    options.candidates = reader.count("n_EI_candidates", 24, 1);
    options.gamma = reader.number("gamma", 0.25, 0.0, true);
    options.prior_weight = reader.number("prior_weight", 1.0, 0.0, true);
    options.forgetting = reader.count("linear_forgetting", LinearForgetting::standard_memory, 1);
    options.seed = reader.count("random_state_seed", context.seed, 0);
    reader.finish();
    return options;
}

class Hyperopt final : public LearningOptimizer {
  public:
    Hyperopt(const OptimizerContext& context, const Options& options)
        : LearningOptimizer{context},
          options_{options},
          axes_{context.space, Axis::EndCells::cut},
          split_{TrialSplit::Pending::counted, [options](std::size_t observations) {
                     const double good = std::ceil(options.gamma * std::sqrt(static_cast<double>(observations)));
                     return static_cast<std::size_t>(std::min(good, static_cast<double>(options.forgetting)));
                 }} {
        for (std::size_t i = 0; i < axes_.size(); ++i) {
            estimators_.emplace_back(axes_.axis(i), options.prior_weight);
        }
        candidates_.resize(axes_.size());
    }

  private:
    void learn(const Observation& observation) override {
        split_.note(observation.trial.value, observation.kind == Observation::Kind::pending);
    }

    Suggestion propose(std::uint32_t /*index*/, RandomStream& random) override {
        if (known_trials() < options_.startup) {
            return draw(random);
        }
        follow();
        std::vector<std::vector<double>> scores(axes_.size());
        for (std::size_t axis = 0; axis < axes_.size(); ++axis) {
            estimators_[axis].draw(options_.candidates, random, candidates_[axis]);
            for (const UnivariateParzen::Candidate& candidate : candidates_[axis]) {
                scores[axis].push_back(candidate.score);
            }
        }
        const auto point_of = [&](const RankedCombinations::Picks& picks) {
            std::vector<space::Value> values(axes_.size());
            for (std::size_t axis = 0; axis < axes_.size(); ++axis) {
                values[axis] = candidates_[axis][picks[axis]].value;
            }
            return axes_.point(values);
        };
        return {best_new_point(scores, point_of, history().points()), "tpe"};
    }

    [[nodiscard]] std::size_t known_trials() const noexcept {
        return history().finished().size() + history().failed().size() + history().pending().size();
    }

    /// Brings the estimators up to date with the history.
    void follow() {
        const auto moves = split_.update(history());
        if (!moves.empty()) {
            for (std::size_t axis = 0; axis < axes_.size(); ++axis) {
                leave(axis, moves);
            }
            for (const TrialSplit::Move& move : moves) {
                if (move.from == Side::none) {
                    axes_.set(move.trial, history().trials()[move.trial].point);
                }
            }
            for (std::size_t axis = 0; axis < axes_.size(); ++axis) {
                join(axis, moves);
                rebuild(axis);
            }
        }
    }

    void leave(std::size_t axis, std::span<const TrialSplit::Move> moves) {
        const auto column = axes_.column(axis);
        for (const TrialSplit::Move& move : moves) {
            if (move.from == Side::above && axes_.active(axis, move.trial)) {
                estimators_[axis].above().erase({column[move.trial], move.trial});
            }
        }
    }

    void join(std::size_t axis, std::span<const TrialSplit::Move> moves) {
        const auto column = axes_.column(axis);
        joining_.clear();
        for (const TrialSplit::Move& move : moves) {
            if (move.to == Side::above && axes_.active(axis, move.trial)) {
                joining_.push_back({column[move.trial], move.trial});
            }
        }
        estimators_[axis].above().insert(joining_);
    }

    void rebuild(std::size_t axis) {
        below_.clear();
        for (const std::uint32_t trial : split_.below()) {
            if (axes_.active(axis, trial)) {
                below_.push_back(trial);
            }
        }
        if (axis == 0 || !axes_.unconditional(axis) || !axes_.unconditional(axis - 1)) {
            weigh(axis);
        }
        estimators_[axis].rebuild(axes_.column(axis), split_.sides(), weights_, below_);
    }

    /// Weighs each trial that has a value on the axis by its age among those of its side.
    void weigh(std::size_t axis) {
        const auto sides = split_.sides();
        std::array<std::size_t, 3> counts{};
        for (std::uint32_t trial = 0; trial < sides.size(); ++trial) {
            counts[static_cast<std::size_t>(sides[trial])] += axes_.active(axis, trial) ? 1 : 0;
        }
        const std::array<LinearForgetting, 3> forgetting{LinearForgetting{0},
                                                         LinearForgetting{counts[1], options_.forgetting},
                                                         LinearForgetting{counts[2], options_.forgetting}};
        counts = {};
        weights_.resize(sides.size());
        for (std::uint32_t trial = 0; trial < sides.size(); ++trial) {
            if (axes_.active(axis, trial)) {
                const auto side = static_cast<std::size_t>(sides[trial]);
                weights_[trial] = forgetting[side].weight(counts[side]++);
            }
        }
    }

    Options options_;
    ObservedAxes axes_;
    TrialSplit split_;
    std::vector<UnivariateParzen> estimators_;
    std::vector<std::vector<UnivariateParzen::Candidate>> candidates_;  ///< [axis]
    std::vector<double> weights_;                                       ///< [trial], of the axis that is rebuilt
    std::vector<std::uint32_t> below_;
    std::vector<SortedCentres::Entry> joining_;
};

}  // namespace

std::unique_ptr<Optimizer> make_hyperopt(const OptimizerContext& context) {
    const Options options = read_options(context);
    OptimizerContext own = context;
    own.seed = options.seed;
    return std::make_unique<Hyperopt>(own, options);
}

}  // namespace hpogrid::optimizers
