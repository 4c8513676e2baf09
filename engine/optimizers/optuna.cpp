#include "engine/optimizers/optuna.hpp"

#include "engine/core/error.hpp"
#include "engine/core/parameter_reader.hpp"
#include "engine/optimizers/learning_optimizer.hpp"
#include "engine/optimizers/parzen/axis_groups.hpp"
#include "engine/optimizers/parzen/best_new_point.hpp"
#include "engine/optimizers/parzen/observed_axes.hpp"
#include "engine/optimizers/parzen/product_pair.hpp"
#include "engine/optimizers/parzen/trial_split.hpp"

#include <algorithm>
#include <cmath>
#include <list>
#include <span>
#include <vector>

namespace hpogrid::optimizers {
namespace {

using Side = TrialSplit::Side;

struct Options {
    std::size_t startup;
    std::size_t candidates;
    double gamma;
    bool constant_liar;
    AxisGroups::Rule rule;
    ProductDensity::Options density;
    std::uint64_t seed;
};

AxisGroups::Rule read_rule(ParameterReader& reader) {
    const bool multivariate = reader.flag("multivariate", true);
    const bool group = reader.flag("group", false);
    if (group && !multivariate) {
        throw InputError{
            "algorithm_param key 'group' of 'optuna' is true (which needs 'multivariate'), allowed: false, or "
            "'multivariate': true"};
    }
    return group          ? AxisGroups::Rule::decomposed
           : multivariate ? AxisGroups::Rule::intersection
                          : AxisGroups::Rule::single;
}

Options read_options(const OptimizerContext& context) {
    ParameterReader reader{"algorithm_param", "optuna", context.parameters};
    Options options{};
    options.startup = reader.count("n_startup_trials", 10, 0);
    options.candidates = reader.count("n_ei_candidates", 24, 1);
    options.gamma = reader.number_between("gamma", 0.1, 0.0, 1.0);
    options.constant_liar = reader.flag("constant_liar", true);
    options.rule = read_rule(reader);
    options.density.prior_weight = reader.number("prior_weight", 1.0, 0.0);
    options.density.rule.magic_clip = reader.flag("consider_magic_clip", true);
    options.density.rule.neighbours =
        reader.flag("consider_endpoints", false) ? Neighbours::with_ends : Neighbours::centres;
    options.seed = reader.count("seed", context.seed, 0);
    static_cast<void>(reader.flag("consider_prior", true));
    static_cast<void>(reader.flag("warn_independent_sampling", false));
    reader.finish();
    return options;
}

class Optuna final : public LearningOptimizer {
  public:
    Optuna(const OptimizerContext& context, const Options& options)
        : LearningOptimizer{context},
          options_{options},
          axes_{context.space, Axis::EndCells::whole},
          split_{options.constant_liar ? TrialSplit::Pending::above : TrialSplit::Pending::ignored,
                 [gamma = options.gamma](std::size_t observations) {
                     constexpr double most_good = 25.0;
                     return static_cast<std::size_t>(
                         std::min(std::ceil(gamma * static_cast<double>(observations)), most_good));
                 }},
          groups_{axes_.size(), options.rule} {}

  private:
    void learn(const Observation& observation) override {
        split_.note(observation.trial.value, observation.kind == Observation::Kind::pending);
    }

    Suggestion propose(std::uint32_t /*index*/, RandomStream& random) override {
        if (history().finished().size() + history().failed().size() < options_.startup) {
            return draw(random);
        }
        follow();
        std::vector<std::vector<ProductPair::Candidate>> candidates;
        std::vector<std::vector<double>> scores;
        for (ProductPair& pair : pairs_) {
            candidates.push_back(pair.draw(options_.candidates, random));
            scores.emplace_back();
            for (const ProductPair::Candidate& candidate : candidates.back()) {
                scores.back().push_back(candidate.score);
            }
        }
        const auto point_of = [&](const RankedCombinations::Picks& picks) {
            std::vector<space::Value> values(axes_.size());
            std::size_t part = 0;
            for (const ProductPair& pair : pairs_) {
                const auto& chosen = candidates[part][picks[part]].values;
                for (std::size_t i = 0; i < chosen.size(); ++i) {
                    values[pair.group()[i]] = chosen[i];
                }
                ++part;
            }
            return axes_.point(values);
        };
        return {best_new_point(scores, point_of, history().points()), "tpe"};
    }

    /// Brings the densities up to date with the history.
    void follow() {
        const auto moves = split_.update(history());
        for (ProductPair& pair : pairs_) {
            pair.leave(moves);
        }
        for (const TrialSplit::Move& move : moves) {
            if (move.from == Side::none) {
                axes_.set(move.trial, history().trials()[move.trial].point);
            }
        }
        if (group_axes() || pairs_.empty()) {
            start_anew();
        } else if (!moves.empty()) {
            for (ProductPair& pair : pairs_) {
                pair.join(moves);
                pair.rebuild(split_.below());
            }
        }
    }

    /// Takes in the trials that have finished since; answers whether other axes belong together now.
    bool group_axes() {
        bool changed = false;
        for (; grouped_ < history().finished().size(); ++grouped_) {
            const std::uint32_t trial = history().finished()[grouped_];
            std::vector<bool> active;
            for (std::size_t axis = 0; axis < axes_.size(); ++axis) {
                active.push_back(axes_.active(axis, trial));
            }
            changed = groups_.add(active) || changed;
        }
        return changed;
    }

    void start_anew() {
        std::vector<TrialSplit::Move> moves;
        for (std::uint32_t trial = 0; trial < split_.sides().size(); ++trial) {
            moves.push_back({trial, Side::none, split_.sides()[trial]});
        }
        pairs_.clear();
        for (const AxisGroups::Group& group : groups_.groups()) {
            pairs_.emplace_back(axes_, group, options_.density);
            pairs_.back().join(moves);
            pairs_.back().rebuild(split_.below());
        }
    }

    Options options_;
    ObservedAxes axes_;
    TrialSplit split_;
    AxisGroups groups_;
    std::size_t grouped_{0};  ///< so many of history().finished() were taken into groups_
    std::list<ProductPair> pairs_;
};

}  // namespace

std::unique_ptr<Optimizer> make_optuna(const OptimizerContext& context) {
    const Options options = read_options(context);
    OptimizerContext own = context;
    own.seed = options.seed;
    return std::make_unique<Optuna>(own, options);
}

}  // namespace hpogrid::optimizers
