#include "tests/unit/schedulers/published_rules.hpp"
#include "tests/unit/schedulers/scheduler_driver.hpp"

#include "engine/space/space.hpp"

#include <gtest/gtest.h>

#include <deque>

// Every decision of every scheduler on generated learning curves, against the published rules.

namespace hpogrid::schedulers {
namespace {

constexpr std::uint64_t cases = 300;
const nlohmann::json by_iteration{{"time_attr", "training_iteration"}};

/// Trials that report in a random order, each its next iteration.
class Reporters {
  public:
    Reporters(std::uint64_t seed, std::uint32_t trials)
        : random_{seed, 1, RandomPurpose::simulation}, iterations_(trials, 0.0) {
        for (std::uint32_t trial = 0; trial < trials; ++trial) {
            running_.push_back(trial);
        }
    }
    [[nodiscard]] bool any() const noexcept { return !running_.empty(); }
    struct Report {
        std::uint32_t trial;
        double iteration;
    };
    [[nodiscard]] Report next() {
        const std::uint32_t trial = running_[random_.below(running_.size())];
        return {trial, ++iterations_[trial]};
    }
    void end(std::uint32_t trial) { std::erase(running_, trial); }
    void move(std::uint32_t trial, double iteration) { iterations_[trial] = iteration; }

  private:
    RandomStream random_;
    std::vector<std::uint32_t> running_;
    std::vector<double> iterations_;
};

/// Runs both on the same reports; answers how many trials were stopped before the last iteration.
template <class Rule>
int compare_stopping(const char* scheduler, const nlohmann::json& parameters, Rule rule, std::uint64_t seed) {
    constexpr std::uint32_t trials = 20;
    constexpr int length = 30;
    const published::Curves curves{seed, trials, length};
    SchedulerDriver driver{scheduler, parameters, trials};
    Reporters reporters{seed, trials};
    int stopped = 0;
    while (reporters.any()) {
        const auto [trial, iteration] = reporters.next();
        const double metric = curves.at(trial, iteration);
        const bool continues = rule.continues(trial, iteration, metric);
        const Decision decision = driver.report(trial, iteration, -metric, false);
        EXPECT_EQ(decision == Decision::proceed, continues)
            << scheduler << parameters << ", seed " << seed << ": trial " << trial << " at " << iteration;
        if (!continues || iteration == length) {
            reporters.end(trial);
            stopped += iteration < length ? 1 : 0;
        }
    }
    return stopped;
}

TEST(Fidelity, OfAsynchyperbandToThePublishedRule) {
    int stopped = 0;
    for (std::uint64_t seed = 0; seed < cases; ++seed) {
        for (const double factor : {2.0, 3.0, 4.0}) {
            for (const bool stop_last : {true, false}) {
                const nlohmann::json parameters{
                    {"max_t", 27}, {"grace_period", 2}, {"reduction_factor", factor}, {"stop_last_trials", stop_last}};
                stopped +=
                    compare_stopping("asynchyperband", parameters, published::Asha{2.0, factor, 27.0, stop_last}, seed);
                ASSERT_FALSE(HasFailure());
            }
        }
    }
    EXPECT_GT(stopped, 1000) << "hardly anything was decided";
}

TEST(Fidelity, OfMedianStoppingToThePublishedRule) {
    int stopped = 0;
    for (std::uint64_t seed = 0; seed < cases; ++seed) {
        for (const std::size_t samples : {1U, 3U}) {
            nlohmann::json parameters = by_iteration;
            parameters.update({{"grace_period", 3}, {"min_samples_required", samples}});
            stopped += compare_stopping("median_stopping", parameters, published::MedianRule{3.0, samples, {}}, seed);
            ASSERT_FALSE(HasFailure());
        }
    }
    EXPECT_GT(stopped, 1000);
}

/// Iterations that each trial gets on three places, whatever order they report in.
std::vector<double> iterations_given(const char* scheduler, const nlohmann::json& parameters,
                                     const published::Curves& curves, std::uint32_t trials, std::uint64_t seed) {
    SchedulerDriver driver{scheduler, parameters, trials};
    RandomStream random{seed, 2, RandomPurpose::simulation};
    std::vector<double> iterations(trials, 0.0);
    std::vector<std::uint32_t> running;
    std::uint32_t begun = 0;
    const auto fill = [&] {
        while (running.size() < 3) {
            const auto resumed = driver.scheduler->next_resumed({.new_trials_wait = begun < trials});
            if (resumed) {
                driver.scheduler->on_trial_resumed(*resumed);
                running.push_back(resumed->value);
            } else if (begun < trials) {
                running.push_back(begun++);
            } else {
                return;
            }
        }
    };
    for (fill(); !running.empty(); fill()) {
        const std::uint32_t trial = running[random.below(running.size())];
        const double iteration = ++iterations[trial];
        const Decision decision = driver.report(trial, iteration, -curves.at(trial, iteration), begun < trials);
        if (decision != Decision::proceed) {
            std::erase(running, trial);
        }
        if (decision == Decision::pause) {
            driver.scheduler->on_trial_paused(TrialId{trial});
        }
        if (fill(); running.empty()) {
            driver.scheduler->on_stall();
        }
        static_cast<void>(driver.ended());
    }
    return iterations;
}

TEST(Fidelity, OfHyperbandToThePublishedRule) {
    for (std::uint64_t seed = 0; seed < cases; ++seed) {
        for (const double factor : {2.0, 3.0}) {
            const auto trials = static_cast<std::uint32_t>(5 + seed % 40);
            const published::Curves curves{seed, trials, 27};
            for (const char* scheduler : {"hyperband", "bohbhyperband"}) {
                const nlohmann::json parameters{{"max_t", 27}, {"reduction_factor", factor}};
                ASSERT_EQ(iterations_given(scheduler, parameters, curves, trials, seed),
                          published::halve(curves, trials, 27, factor, scheduler != std::string{"hyperband"}))
                    << scheduler << " with factor " << factor << ", seed " << seed;
            }
        }
    }
}

TEST(Fidelity, OfPopulationsToThePublishedRule) {
    const space::Space space{{{"x", space::Uniform{0.0, 1.0}, {}}}};
    int exploits = 0;
    for (std::uint64_t seed = 0; seed < cases; ++seed) {
        for (const char* scheduler : {"pbt", "pb2"}) {
            constexpr std::uint32_t trials = 8;
            constexpr int length = 12;
            const published::Curves curves{seed, trials, length};
            nlohmann::json parameters = by_iteration;
            parameters["perturbation_interval"] = 2;
            const auto pbt = make_scheduler(scheduler, {.parameters = parameters, .seed = seed, .space = &space});
            for (std::uint32_t trial = 0; trial < trials; ++trial) {
                pbt->on_trial_added(TrialId{trial}, {space::Value{0.5}});
            }
            published::Pbt rule{2.0, 0.25, {}, {}, {}};
            Reporters reporters{seed, trials};
            for (int i = 0; i < 60; ++i) {
                const auto [trial, iteration] = reporters.next();
                if (iteration > length) {
                    continue;
                }
                const double metric = curves.at(trial, iteration);
                const auto expected = rule.report(trial, iteration, metric);
                const Decision decision = pbt->on_report({TrialId{trial}, iteration, -metric, false, true});
                const auto orders = pbt->take_orders();
                const auto where = ::testing::Message()
                                   << scheduler << ", seed " << seed << ": trial " << trial << " at " << iteration;
                ASSERT_EQ(decision == Decision::pause, orders.size() == 1) << where;
                if (!orders.empty()) {
                    const auto& exploit = std::get<Exploit>(orders[0]);
                    const std::uint32_t source = exploit.source.value;
                    ASSERT_TRUE(expected.due && expected.among_the_worst) << where;
                    ASSERT_NE(std::ranges::find(expected.best, source), expected.best.end()) << where;
                    ASSERT_TRUE(rule.has_checkpoint.contains(source)) << where;
                    rule.exploit(trial, source);
                    reporters.move(trial, rule.perturbed[source]);
                    ++exploits;
                } else if (expected.due && expected.among_the_worst) {
                    ASSERT_TRUE(std::ranges::any_of(
                        expected.best, [&](std::uint32_t one) { return !rule.has_checkpoint.contains(one); }))
                        << where << " should have taken over";
                }
            }
        }
    }
    EXPECT_GT(exploits, 500);
}

}  // namespace
}  // namespace hpogrid::schedulers
