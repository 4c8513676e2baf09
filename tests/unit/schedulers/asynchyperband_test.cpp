#include "engine/schedulers/asynchyperband.hpp"

#include "engine/core/error.hpp"
#include "engine/space/space.hpp"

#include <gtest/gtest.h>

#include <limits>
#include <nlohmann/json.hpp>
#include <string>

namespace hpogrid::schedulers {
namespace {

constexpr double nan = std::numeric_limits<double>::quiet_NaN();

std::unique_ptr<Scheduler> make(const nlohmann::json& parameters) {
    return make_scheduler("asynchyperband", {parameters, 1});
}

/// Scores are minimised here; Ray's cases are written with the negated, maximised metric.
Decision report(Scheduler& scheduler, std::uint32_t trial, double time, double score) {
    return scheduler.on_report({TrialId{trial}, time, score});
}

std::unique_ptr<Scheduler> with_trials(const nlohmann::json& parameters, std::uint32_t count) {
    auto scheduler = make(parameters);
    for (std::uint32_t trial = 0; trial < count; ++trial) {
        scheduler->on_trial_added(TrialId{trial}, {});
    }
    return scheduler;
}

TEST(AsyncHyperBand, LetsTheFirstAtARungPass) {
    const auto scheduler = with_trials({{"max_t", 16}}, 1);
    EXPECT_EQ(report(*scheduler, 0, 1, 1000.0), Decision::proceed);
}

TEST(AsyncHyperBand, StopsWhatIsStrictlyWorseThanTheTopQuarter) {
    const auto scheduler = with_trials({{"max_t", 16}}, 6);
    // Recorded before trial 4: 1, 2, 3, 4. The 75th percentile of −1 … −4 is −1.75.
    EXPECT_EQ(report(*scheduler, 0, 1, 4.0), Decision::proceed);
    EXPECT_EQ(report(*scheduler, 1, 1, 3.0), Decision::proceed);
    EXPECT_EQ(report(*scheduler, 2, 1, 2.0), Decision::proceed);
    EXPECT_EQ(report(*scheduler, 3, 1, 1.0), Decision::proceed);
    EXPECT_EQ(report(*scheduler, 4, 1, 1.75), Decision::proceed) << "equal to the cutoff is not worse";
    // Recorded now: 1, 1.75, 2, 3, 4; the cutoff is 1.75.
    EXPECT_EQ(report(*scheduler, 5, 1, 1.7500001), Decision::stop);
}

TEST(AsyncHyperBand, LetsTiesPass) {
    const auto scheduler = with_trials({{"max_t", 16}}, 10);
    for (std::uint32_t trial = 0; trial < 10; ++trial) {
        EXPECT_EQ(report(*scheduler, trial, 1, 0.5), Decision::proceed);
    }
}

TEST(AsyncHyperBand, JudgesATrialOnceARung) {
    const auto scheduler = with_trials({{"max_t", 64}}, 3);
    EXPECT_EQ(report(*scheduler, 0, 1, 1.0), Decision::proceed);
    EXPECT_EQ(report(*scheduler, 1, 1, 0.5), Decision::proceed);
    // Between the rungs at 1 and 4 nothing is judged, however bad it is.
    EXPECT_EQ(report(*scheduler, 1, 2, 100.0), Decision::proceed);
    EXPECT_EQ(report(*scheduler, 1, 3, 100.0), Decision::proceed);
    EXPECT_EQ(report(*scheduler, 2, 1, 5.0), Decision::stop);
}

TEST(AsyncHyperBand, JudgesAtTheHighestRungThatWasReached) {
    const auto scheduler = with_trials({{"max_t", 64}}, 3);
    // Trial 0 skips the rungs at 1 and 4; its next report is judged at the one below.
    EXPECT_EQ(report(*scheduler, 0, 16, 1.0), Decision::proceed);
    EXPECT_EQ(report(*scheduler, 1, 16, 2.0), Decision::stop);
    EXPECT_EQ(report(*scheduler, 0, 17, 1.0), Decision::proceed) << "first at the rung at 4";
    EXPECT_EQ(report(*scheduler, 2, 4, 2.0), Decision::stop) << "worse than trial 0 at the rung at 4";
}

TEST(AsyncHyperBand, EndsATrialAtMaxT) {
    const auto scheduler = with_trials({{"max_t", 9}, {"reduction_factor", 3}}, 2);
    EXPECT_EQ(report(*scheduler, 0, 8, 1.0), Decision::proceed);
    EXPECT_EQ(report(*scheduler, 0, 9, 1.0), Decision::complete);
    const auto endless = with_trials({{"max_t", 9}, {"reduction_factor", 3}, {"stop_last_trials", false}}, 1);
    EXPECT_EQ(report(*endless, 0, 10, 1.0), Decision::proceed);
}

TEST(AsyncHyperBand, HasTrialsSaveThemselvesWhereTheyMayBeStopped) {
    const auto scheduler = with_trials({{"max_t", 10}, {"reduction_factor", 3}}, 1);
    for (const auto& [time, next] : {std::pair{1.0, 3.0}, {2.0, 3.0}, {3.0, 9.0}, {9.0, 10.0}}) {
        EXPECT_EQ(report(*scheduler, 0, time, 1.0), Decision::proceed);
        EXPECT_EQ(scheduler->milestone(TrialId{0}), next);
    }
    const auto sparse = with_trials({{"max_t", 10}, {"reduction_factor", 3}, {"stop_last_trials", false}}, 1);
    EXPECT_EQ(sparse->milestone(TrialId{0}), 1.0);
    EXPECT_EQ(report(*sparse, 0, 5, 1.0), Decision::proceed);
    EXPECT_EQ(sparse->milestone(TrialId{0}), 9.0) << "the rung at 1 lies behind it";
    EXPECT_EQ(report(*sparse, 0, 9, 1.0), Decision::proceed);
    EXPECT_EQ(sparse->milestone(TrialId{0}), Scheduler::never);
    const nlohmann::json parameters{{"max_t", 10}};
    const auto unsaved = make_scheduler("asynchyperband", {.parameters = parameters, .keeps_checkpoints = false});
    unsaved->on_trial_added(TrialId{0}, {space::Value{0.5}});
    EXPECT_EQ(unsaved->milestone(TrialId{0}), 10.0);
}

TEST(AsyncHyperBand, KeepsValuesThatAreNotFiniteOutOfTheRungs) {
    const auto scheduler = with_trials({{"max_t", 16}}, 4);
    EXPECT_EQ(report(*scheduler, 0, 1, nan), Decision::proceed);
    EXPECT_EQ(report(*scheduler, 1, 1, std::numeric_limits<double>::infinity()), Decision::proceed);
    EXPECT_EQ(report(*scheduler, 2, 1, 7.0), Decision::proceed) << "still the first at the rung";
    EXPECT_EQ(report(*scheduler, 3, 1, 8.0), Decision::stop);
}

TEST(AsyncHyperBand, JudgesARestartedTrialAgain) {
    const auto scheduler = with_trials({{"max_t", 16}}, 2);
    EXPECT_EQ(report(*scheduler, 0, 1, 1.0), Decision::proceed);
    EXPECT_EQ(report(*scheduler, 1, 1, 0.5), Decision::proceed);
    scheduler->on_trial_restarted(TrialId{1});
    EXPECT_EQ(report(*scheduler, 1, 1, 9.0), Decision::stop);
}

TEST(AsyncHyperBand, RecordsTheLastReportOfATrialThatEndsByItself) {
    const auto scheduler = with_trials({{"max_t", 16}}, 2);
    scheduler->on_trial_completed({TrialId{0}, 2, 1.0});
    EXPECT_EQ(report(*scheduler, 1, 1, 3.0), Decision::stop);
}

TEST(AsyncHyperBand, HasRungsAtPowersOfTheReductionFactor) {
    EXPECT_EQ((SuccessiveHalvingBracket{{1, 64, 4, 0}}.rungs()), 4U);   // 1 4 16 64
    EXPECT_EQ((SuccessiveHalvingBracket{{1, 63, 4, 0}}.rungs()), 3U);   // 1 4 16
    EXPECT_EQ((SuccessiveHalvingBracket{{1, 125, 5, 0}}.rungs()), 4U);  // 1 5 25 125: log(125)/log(5) < 3 in doubles
    EXPECT_EQ((SuccessiveHalvingBracket{{2, 16, 2, 1}}.rungs()), 3U);   // 4 8 16
}

TEST(AsyncHyperBand, SaysHowFarATrialTrainsBeforeItIsJudgedAgain) {
    const auto scheduler = with_trials({{"max_t", 20}}, 1);
    EXPECT_EQ(scheduler->next_judgement(TrialId{0}), 1);
    for (const double rung : {1, 4}) {
        EXPECT_EQ(report(*scheduler, 0, rung, 1.0), Decision::proceed);
    }
    EXPECT_EQ(scheduler->next_judgement(TrialId{0}), 16);
    EXPECT_EQ(report(*scheduler, 0, 16, 1.0), Decision::proceed);
    EXPECT_EQ(scheduler->next_judgement(TrialId{0}), 20) << "no rung is left: it ends";
}

TEST(AsyncHyperBand, SpreadsTrialsOverBracketsReproducibly) {
    // In bracket 1 the first rung is at 4, so a bad report at time 1 does no harm there.
    const nlohmann::json parameters{{"max_t", 64}, {"brackets", 2}};
    std::size_t stopped = 0;
    for (int run = 0; run < 2; ++run) {
        const auto scheduler = with_trials(parameters, 400);
        std::size_t now = 0;
        for (std::uint32_t trial = 0; trial < 400; ++trial) {
            now += report(*scheduler, trial, 1, trial) == Decision::stop ? 1 : 0;
        }
        EXPECT_TRUE(run == 0 || now == stopped);
        stopped = now;
    }
    // softmax(4, 3) puts 73 % of the trials into bracket 0, whose later ones are all worse.
    EXPECT_NEAR(static_cast<double>(stopped), 0.731 * 400, 40);
}

void expect_refused(const nlohmann::json& parameters, const std::string& fragment) {
    try {
        static_cast<void>(make(parameters));
        ADD_FAILURE() << parameters << " was taken";
    } catch (const InputError& error) {
        EXPECT_NE(std::string{error.what()}.find(fragment), std::string::npos) << error.what();
    }
}

TEST(AsyncHyperBand, RefusesParametersThatMakeNoSense) {
    expect_refused({{"max_tt", 3}}, "did you mean 'max_t'");
    expect_refused({{"max_t", 0}}, "max_t");
    expect_refused({{"max_t", "ten"}}, "allowed: a number above 0");
    expect_refused({{"reduction_factor", 1}}, "above 1");
    expect_refused({{"grace_period", 200}}, "at most 'max_t'");
    expect_refused({{"brackets", 0}}, "brackets");
    expect_refused({{"stop_last_trials", 1}}, "true or false");
}

TEST(SchedulerRegistry, NamesTheKnownSchedulers) {
    const nlohmann::json none = nlohmann::json::object();
    const space::Space space{{{"x", space::Uniform{0.0, 1.0}, {}}}};
    for (const SchedulerEntry& entry : schedulers()) {
        EXPECT_NE(make_scheduler(entry.name, {.parameters = none, .seed = 1, .space = &space}), nullptr);
    }
    EXPECT_THROW(static_cast<void>(make_scheduler("asynchyperbant", {none, 1})), InputError);
}

}  // namespace
}  // namespace hpogrid::schedulers
