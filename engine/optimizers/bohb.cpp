#include "engine/optimizers/bohb.hpp"

#include "engine/core/parameter_reader.hpp"
#include "engine/optimizers/learning_optimizer.hpp"
#include "engine/optimizers/parzen/budget_scores.hpp"
#include "engine/optimizers/parzen/good_bad_kernel_densities.hpp"
#include "engine/optimizers/parzen/observed_axes.hpp"

#include <algorithm>
#include <array>
#include <optional>
#include <span>
#include <vector>

namespace hpogrid::optimizers {
namespace {

struct Options {
    std::size_t min_points;
    double top_percent;
    std::size_t samples;
    double random_fraction;
    double bandwidth_factor;
    double min_bandwidth;
    std::uint64_t seed;
};

Options read_options(const OptimizerContext& context) {
    ParameterReader reader{"algorithm_param", "bohb", context.parameters};
    const std::size_t least_points = context.space.dimensions() + 1;
    Options options{};
    options.min_points = std::max(least_points, reader.count("min_points_in_model", least_points, 0));
    options.top_percent = reader.number_between("top_n_percent", 15.0, 0.0, 100.0);
    options.samples = reader.count("num_samples", 64, 1);
    options.random_fraction = reader.number_between("random_fraction", 1.0 / 3.0, 0.0, 1.0);
    options.bandwidth_factor = reader.number("bandwidth_factor", 3.0, 0.0, true);
    options.min_bandwidth = reader.number("min_bandwidth", 1e-3, 0.0, true);
    options.seed = reader.count("seed", context.seed, 0);
    reader.finish();
    return options;
}

class Bohb final : public LearningOptimizer {
  public:
    Bohb(const OptimizerContext& context, const Options& options)
        : LearningOptimizer{context},
          options_{options},
          axes_{context.space, Axis::EndCells::whole},
          densities_{axes_, options.min_bandwidth, options.seed} {}

  private:
    void learn(const Observation& observation) override {
        if (observation.kind != Observation::Kind::pending) {
            const std::uint32_t trial = observation.trial.value;
            if (observation.kind != Observation::Kind::withdrawn) {
                axes_.set(trial, history().trials()[trial].point);
            }
            budgets_.note(history(), trial);
            stale_ = stale_ || observation.kind != Observation::Kind::intermediate || observation.iteration == budget_;
        }
    }

    Suggestion propose(std::uint32_t /*index*/, RandomStream& random) override {
        const bool anywhere = random.uniform() < options_.random_fraction;
        follow();
        if (anywhere || !budget_ || axes_.size() == 0) {
            return draw(random);
        }
        RankedCandidates candidates = densities_.draw(options_.samples, options_.bandwidth_factor, random);
        std::optional<space::Point> best;
        while (const auto candidate = candidates.next()) {
            space::Point point = axes_.point(candidate->values);
            if (!history().points().contains(point)) {
                return {std::move(point), "kde"};
            }
            best = best ? std::move(best) : std::move(point);
        }
        return {*std::move(best), "kde"};
    }

    /// So many percent of the trials, at least as many as a density needs.
    [[nodiscard]] std::size_t share(double percent, std::size_t trials) const {
        return std::max(options_.min_points, static_cast<std::size_t>(percent * static_cast<double>(trials) / 100.0));
    }

    /// Fits the densities again if there is another budget to look at or something new on it.
    void follow() {
        const std::size_t failed = history().failed().size();
        const auto budget = budgets_.largest([&](std::size_t scores) {
            const std::size_t good = share(options_.top_percent, scores + failed);
            return scores >= good && scores + failed >= good + axes_.size() + 1;
        });
        if (budget && (stale_ || budget != budget_)) {
            fit(*budget);
        }
        budget_ = budget;
        stale_ = false;
    }

    void fit(double budget) {
        const auto scores = BudgetScores::at(history(), budget);
        const auto failed = history().failed();
        const std::size_t trials = scores.size() + failed.size();
        const std::size_t good = std::min(share(options_.top_percent, trials), scores.size());
        const std::size_t bad = std::min(share(100.0 - options_.top_percent, trials), trials - good);
        const std::size_t bad_scores = std::min(bad, scores.size() - good);
        auto [best, others] = split(scores, good, bad_scores);
        const auto worst = failed.begin() + static_cast<std::ptrdiff_t>(bad - bad_scores);
        others.insert(others.begin(), failed.begin(), worst);
        densities_.fit(best, others);
    }

    /// The trials with the best scores and with those that follow, each in the order in which they are given.
    static std::array<std::vector<std::uint32_t>, 2> split(std::span<const BudgetScores::Scored> scores,
                                                           std::size_t good, std::size_t bad) {
        std::vector<BudgetScores::Scored> ranked{scores.begin(), scores.end()};
        const auto first_of_bad = ranked.begin() + static_cast<std::ptrdiff_t>(good);
        const auto first_of_rest = first_of_bad + static_cast<std::ptrdiff_t>(bad);
        std::ranges::nth_element(ranked, first_of_rest);
        std::ranges::nth_element(ranked.begin(), first_of_bad, first_of_rest);
        const auto is_before = [&](const BudgetScores::Scored& one, auto end) {
            return end == ranked.end() || one < *end;
        };
        std::array<std::vector<std::uint32_t>, 2> sides;
        for (const BudgetScores::Scored& one : scores) {
            if (is_before(one, first_of_rest)) {
                sides[is_before(one, first_of_bad) ? 0 : 1].push_back(one.trial);
            }
        }
        return sides;
    }

    Options options_;
    ObservedAxes axes_;
    BudgetScores budgets_;
    GoodBadKernelDensities densities_;
    std::optional<double> budget_;  ///< of the densities, if there are any
    bool stale_{false};
};

}  // namespace

std::unique_ptr<Optimizer> make_bohb(const OptimizerContext& context) {
    const Options options = read_options(context);
    OptimizerContext own = context;
    own.seed = options.seed;
    return std::make_unique<Bohb>(own, options);
}

}  // namespace hpogrid::optimizers
