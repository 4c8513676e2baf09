#include "engine/core/error.hpp"
#include "engine/core/random.hpp"
#include "engine/schedulers/registry.hpp"
#include "engine/space/space.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <nlohmann/json.hpp>
#include <span>
#include <string>
#include <vector>

namespace hpogrid::schedulers {
namespace {

using ::testing::HasSubstr;

const space::Space& learning_rate() {
    static const space::Space space{{{"lr", space::LogUniform{1e-5, 0.1, 10}, {}}}};
    return space;
}

const space::Space& one_number() {
    static const space::Space space{{{"x", space::Uniform{0.0, 1.0}, {}}}};
    return space;
}

/// A population of four whose loss falls by 1 in each interval where the learning rate is right, and by less and less
/// for rates further off; the right one falls by four fifths of the range, on its logarithmic scale, in 40 intervals.
class FallingRate {
  public:
    FallingRate(const char* scheduler, std::uint64_t seed)
        : scheduler_{make_scheduler(scheduler, {.parameters = parameters_, .seed = seed, .space = &learning_rate()})} {
        RandomStream random{seed, 0, RandomPurpose::suggestion};
        for (std::uint32_t trial = 0; trial < population; ++trial) {
            const double unit = random.uniform();
            points_.push_back(learning_rate().decode({&unit, 1}));
            scheduler_->on_trial_added(TrialId{trial}, points_.back());
        }
    }
    /// The lowest loss after some intervals.
    [[nodiscard]] double train(int intervals) {
        for (int interval = 0; interval < intervals; ++interval) {
            for (std::uint32_t trial = 0; trial < population; ++trial) {
                double unit = 0.0;
                learning_rate().encode(points_[trial], {&unit, 1});
                const double miss = unit - (0.9 - 0.02 * interval);
                losses_[trial] -= std::exp(-0.5 * miss * miss / (0.15 * 0.15));
            }
            for (std::uint32_t trial = 0; trial < population; ++trial) {
                static_cast<void>(scheduler_->on_report({TrialId{trial}, interval + 1.0, losses_[trial], false, true}));
                for (const Order& order : scheduler_->take_orders()) {
                    const auto& exploit = std::get<Exploit>(order);
                    points_[exploit.trial.value] = exploit.point;
                    losses_[exploit.trial.value] = losses_[exploit.source.value];
                }
            }
        }
        return *std::ranges::min_element(losses_);
    }

  private:
    static constexpr std::uint32_t population = 4;

    nlohmann::json parameters_{{"time_attr", "training_iteration"}, {"perturbation_interval", 1}};
    std::unique_ptr<Scheduler> scheduler_;
    std::vector<space::Point> points_;
    std::vector<double> losses_ = std::vector<double>(population, 0.0);
};

TEST(PopulationBasedBandits, FollowALearningRateThatMustFallBetterThanRandomChanges) {
    constexpr int seeds = 20;
    int wins = 0;
    double gained = 0.0;
    double gained_by_chance = 0.0;
    for (std::uint64_t seed = 0; seed < seeds; ++seed) {
        const double pb2 = FallingRate{"pb2", seed}.train(40);
        const double pbt = FallingRate{"pbt", seed}.train(40);
        wins += pb2 < pbt ? 1 : 0;
        gained -= pb2 / seeds;
        gained_by_chance -= pbt / seeds;
    }
    RecordProperty("gained", std::to_string(gained));
    RecordProperty("gained_by_chance", std::to_string(gained_by_chance));
    EXPECT_GE(wins, 14) << gained << " against " << gained_by_chance;
    EXPECT_GT(gained, gained_by_chance);
}

TEST(PopulationBasedBandits, DecideTheSameAgainForTheSameSeed) {
    EXPECT_EQ((FallingRate{"pb2", 3}.train(20)), (FallingRate{"pb2", 3}.train(20)));
    EXPECT_NE((FallingRate{"pb2", 3}.train(20)), (FallingRate{"pb2", 4}.train(20)));
}

/// Points of the exploits of a population of four with these values, over some intervals of scores that end well for
/// low trial numbers.
std::vector<space::Point> explored(const space::Space& space, nlohmann::json parameters, const space::Point& start,
                                   int intervals = 6) {
    parameters["time_attr"] = "training_iteration";
    parameters["perturbation_interval"] = 1;
    const auto scheduler = make_scheduler("pb2", {.parameters = parameters, .seed = 1, .space = &space});
    for (std::uint32_t trial = 0; trial < 4; ++trial) {
        scheduler->on_trial_added(TrialId{trial}, start);
    }
    std::vector<space::Point> points;
    for (int interval = 1; interval <= intervals; ++interval) {
        for (std::uint32_t trial = 0; trial < 4; ++trial) {
            static_cast<void>(scheduler->on_report(
                {TrialId{trial}, static_cast<double>(interval), trial - interval * 0.1, false, true}));
            for (const Order& order : scheduler->take_orders()) {
                points.push_back(std::get<Exploit>(order).point);
            }
        }
    }
    return points;
}

TEST(PopulationBasedBandits, KeepTheHyperparametersOfTheSourceUntilSomethingHasBeenLearnt) {
    const nlohmann::json parameters{{"time_attr", "training_iteration"}, {"perturbation_interval", 1}};
    const auto scheduler = make_scheduler("pb2", {.parameters = parameters, .seed = 1, .space = &one_number()});
    for (std::uint32_t trial = 0; trial < 3; ++trial) {
        scheduler->on_trial_added(TrialId{trial}, {space::Value{0.1 * trial}});
    }
    const auto report = [&](std::uint32_t trial, double time) {
        static_cast<void>(scheduler->on_report({TrialId{trial}, time, trial - time, false, true}));
        return scheduler->take_orders();
    };
    static_cast<void>(report(1, 1));
    static_cast<void>(report(0, 1));
    const auto first = report(2, 1);
    ASSERT_EQ(first.size(), 1U);
    EXPECT_EQ(std::get<Exploit>(first[0]).point, (space::Point{space::Value{0.0}})) << "nobody has gained anything yet";
    static_cast<void>(report(1, 2));
    static_cast<void>(report(0, 2));
    const auto second = report(2, 2);
    ASSERT_EQ(second.size(), 1U);
    EXPECT_NE(std::get<Exploit>(second[0]).point, (space::Point{space::Value{0.0}}));
}

TEST(PopulationBasedBandits, StayWithinTheirBoundsWhichMayLieOutsideTheSearchSpace) {
    const space::Space space{{{"x", space::Uniform{0.0, 1.0}, {}}, {"n", space::UniformInt{1, 4}, {}}}};
    const auto points = explored(space, {{"hyperparam_bounds", {{"x", {2.0, 3.0}}, {"n", {5, 6}}}}},
                                 {space::Value{0.3}, space::Value{std::int64_t{2}}}, 12);
    ASSERT_GE(points.size(), 2U);
    for (const space::Point& point : std::span{points}.subspan(1)) {
        EXPECT_GE(std::get<double>(point[0]), 2.0);
        EXPECT_LE(std::get<double>(point[0]), 3.0);
        EXPECT_GE(std::get<std::int64_t>(point[1]), 5);
        EXPECT_LE(std::get<std::int64_t>(point[1]), 6);
    }
}

TEST(PopulationBasedBandits, InheritCategoriesAndWhatHasNoBounds) {
    const space::Space space{{{"x", space::Uniform{0.0, 1.0}, {}},
                              {"y", space::Uniform{0.0, 1.0}, {}},
                              {"c", space::Categorical{{"a", "b"}, false}, {}}}};
    const space::Point start{space::Value{0.3}, space::Value{0.4}, space::Category{1}};
    for (const space::Point& point : explored(space, {{"hyperparam_bounds", {{"x", {0.0, 1.0}}}}}, start)) {
        EXPECT_EQ(point[1], start[1]);
        EXPECT_EQ(point[2], start[2]);
    }
}

TEST(PopulationBasedBandits, LearnNothingFromScoresThatAreNoNumbers) {
    nlohmann::json parameters{{"time_attr", "training_iteration"}, {"perturbation_interval", 1}};
    const auto scheduler = make_scheduler("pb2", {.parameters = parameters, .seed = 1, .space = &one_number()});
    for (std::uint32_t trial = 0; trial < 3; ++trial) {
        scheduler->on_trial_added(TrialId{trial}, {space::Value{0.2 * trial}});
    }
    for (int interval = 1; interval < 8; ++interval) {
        for (std::uint32_t trial = 0; trial < 3; ++trial) {
            const double score = interval % 2 == 1 && trial == 2 ? std::nan("") : static_cast<double>(trial);
            static_cast<void>(
                scheduler->on_report({TrialId{trial}, static_cast<double>(interval), score, false, true}));
            for (const Order& order : scheduler->take_orders()) {
                const double x = std::get<double>(std::get<Exploit>(order).point[0]);
                EXPECT_TRUE(x >= 0.0 && x <= 1.0) << x;
            }
        }
    }
}

void expect_refused(const nlohmann::json& parameters, const std::string& fragment) {
    static const space::Space space{
        {{"x", space::LogUniform{0.1, 1.0, 10}, {}}, {"c", space::Categorical{{"a", "b"}, false}, {}}}};
    try {
        static_cast<void>(make_scheduler("pb2", {.parameters = parameters, .space = &space}));
        ADD_FAILURE() << parameters << " was taken";
    } catch (const InputError& error) {
        EXPECT_THAT(error.what(), HasSubstr(fragment));
    }
}

TEST(PopulationBasedBandits, RefuseParametersThatMakeNoSense) {
    expect_refused({{"hyperparam_bounds", {{"x", {1.0, 0.1}}}}}, "low at most high");
    expect_refused({{"hyperparam_bounds", {{"x", {0.1}}}}}, "[low, high]");
    expect_refused({{"hyperparam_bounds", {{"x", {-1.0, 1.0}}}}}, "a number above 0");
    expect_refused({{"hyperparam_bounds", {{"c", {"a", "b"}}}}}, "a hyperparameter that is a number");
    expect_refused({{"hyperparam_bounds", {{"y", {0, 1}}}}}, "no hyperparameter that can change");
    expect_refused({{"resample_probability", 0.5}}, "unknown to 'pb2'");
    expect_refused({{"quantile_fraction", 0.6}}, "quantile_fraction");
}

}  // namespace
}  // namespace hpogrid::schedulers
