#include "tests/simulation/simulated_cluster.hpp"

#include <fmt/format.h>
#include <gtest/gtest.h>
#include <sys/resource.h>

#include <cmath>
#include <cstdlib>
#include <ctime>
#include <set>
#include <string>
#include <string_view>

namespace hpogrid::simulation {
namespace {

std::string joined(const std::vector<std::string>& lines) {
    std::string text;
    for (const std::string& line : lines) {
        text += line + "\n";
    }
    return text;
}

/// HPOGRID_SIMULATION_SEED=N runs one seed alone.
TEST(StudySimulation, KeepsItsPromisesInAThousandRandomScenarios) {
    const char* chosen = std::getenv("HPOGRID_SIMULATION_SEED");
    const std::uint64_t first = chosen != nullptr ? std::strtoull(chosen, nullptr, 10) : 0;
    const std::uint64_t last = chosen != nullptr ? first + 1 : 1000;
    std::size_t crashes = 0;
    for (std::uint64_t seed = first; seed < last; ++seed) {
        SimulatedCluster cluster{random_scenario(seed)};
        const auto violations = cluster.run();
        crashes += cluster.crashes();
        ASSERT_TRUE(violations.empty()) << "HPOGRID_SIMULATION_SEED=" << seed << "\n" << joined(violations);
    }
    EXPECT_TRUE(chosen != nullptr || crashes > 100) << "the scenarios hardly crash: " << crashes;
}

class EveryScheduler : public testing::TestWithParam<Scheduling> {
  protected:
    /// Most have up to a dozen workers, every eighth up to a thousand.
    [[nodiscard]] static Scenario scenario(std::uint64_t seed) {
        Scenario scenario = random_scenario(seed);
        scenario.scheduler = GetParam().scheduler;
        scenario.scheduler_parameters = GetParam().parameters;
        if (seed % 8 == 7) {
            const double share = RandomStream{seed, 3, RandomPurpose::simulation}.uniform();
            scenario.workers = static_cast<std::size_t>(std::pow(1000.0, share));
            scenario.trials += scenario.workers;
        }
        return scenario;
    }
};

TEST_P(EveryScheduler, KeepsThePromisesInTwoHundredRandomScenarios) {
    std::size_t continuations = 0;
    for (std::uint64_t seed = 0; seed < 200; ++seed) {
        SimulatedCluster cluster{scenario(seed)};
        const auto violations = cluster.run();
        continuations += cluster.continuations();
        ASSERT_TRUE(violations.empty()) << "seed " << seed << "\n" << joined(violations);
    }
    EXPECT_GT(continuations, 100U) << "trials hardly go on from checkpoints";
}

TEST_P(EveryScheduler, ManagesAThousandWorkers) {
    Scenario large = scenario(1);
    large.workers = 1000;
    large.trials = 3000;
    large.points = SIZE_MAX;
    large.stop_at = 0.0;
    large.max_concurrent = 0;
    large.crash_interval = 0.0;
    large.slowest = 20.0;
    large.failure_rate = 0.05;
    SimulatedCluster cluster{large};
    const auto violations = cluster.run();
    EXPECT_TRUE(violations.empty()) << joined(violations);
}

TEST_P(EveryScheduler, EndsEveryTrialWithAResultWhereNothingFailsOnOnePlaceAsOnFour) {
    for (const std::size_t workers : {1U, 4U}) {
        Scenario steady;
        steady.scheduler = GetParam().scheduler;
        steady.scheduler_parameters = GetParam().parameters;
        steady.workers = workers;
        steady.slots = 1;
        steady.trials = 60;
        SimulatedCluster cluster{steady};
        const auto violations = cluster.run();
        ASSERT_TRUE(violations.empty()) << workers << " workers\n" << joined(violations);
        EXPECT_EQ(cluster.study().counts().succeeded(), 60U) << workers << " workers";
    }
}

/// Trials that are all equally long and fast, in as many runs with a time budget as they need.
Scenario in_short_runs(const Scheduling& scheduling, std::uint64_t seed) {
    RandomStream random{seed, 2, RandomPurpose::simulation};
    Scenario steady;
    steady.seed = seed;
    steady.scheduler = scheduling.scheduler;
    steady.scheduler_parameters = scheduling.parameters;
    steady.steady = true;
    steady.trial_duration = 12.0;
    steady.message_delay = 1e-4;
    steady.workers = 1 + random.below(6);
    steady.slots = static_cast<std::uint32_t>(1 + random.below(3));
    steady.trials = 10 + random.below(40);
    steady.lookahead = random.below(3) == 0 ? 8 : 0;
    steady.time_budget = steady.trial_duration * (1.1 + 2.0 * random.uniform());
    steady.runs = 200;
    return steady;
}

TEST_P(EveryScheduler, StartsNothingThatDoesNotComeToItsEndOrNextJudgementWithinTheTimeBudget) {
    // What pb2 explores takes its time, and is all that it has beside pbt.
    const std::uint64_t seeds = std::string_view{GetParam().scheduler} == "pb2" ? 10 : 100;
    std::size_t runs = 0;
    for (std::uint64_t seed = 0; seed < seeds; ++seed) {
        SimulatedCluster cluster{in_short_runs(GetParam(), seed)};
        const auto violations = cluster.run();
        ASSERT_TRUE(violations.empty()) << "seed " << seed << "\n" << joined(violations);
        EXPECT_EQ(cluster.cut_off(), 0U) << "seed " << seed;
        EXPECT_EQ(cluster.study().counts().succeeded(), cluster.study().settings().num_trials) << "seed " << seed;
        runs += cluster.runs();
    }
    EXPECT_GT(runs, seeds * 4 / 3) << "the studies hardly run out of time";
}

INSTANTIATE_TEST_SUITE_P(All, EveryScheduler, testing::ValuesIn(schedulings().begin(), schedulings().end()),
                         [](const auto& tested) { return fmt::format("{}_{}", tested.param.scheduler, tested.index); });

TEST(StudySimulation, IsTheSameForTheSameSeed) {
    for (std::uint64_t seed = 0; seed < 40; ++seed) {
        Scenario scenario = random_scenario(seed);
        scenario.scheduler = schedulings()[seed % schedulings().size()].scheduler;
        scenario.scheduler_parameters = schedulings()[seed % schedulings().size()].parameters;
        SimulatedCluster first{scenario};
        SimulatedCluster second{scenario};
        static_cast<void>(first.run());
        static_cast<void>(second.run());
        EXPECT_EQ(first.study().digest(), second.study().digest());
        EXPECT_EQ(first.now(), second.now());
    }
}

TEST(StudySimulation, KeepsEqualWorkersBusy) {
    Scenario scenario;
    scenario.workers = 8;
    scenario.trials = 400;
    scenario.lookahead = 64;
    SimulatedCluster cluster{scenario};
    ASSERT_TRUE(cluster.run().empty());
    double busy = 0.0;
    for (const study::Trial& trial : cluster.study().trials()) {
        busy += trial.ended - trial.started;
    }
    EXPECT_GT(busy / (8 * cluster.now()), 0.8);
}

#ifdef __SANITIZE_ADDRESS__
constexpr bool sanitized = true;
#else
constexpr bool sanitized = false;
#endif

/// Of this process: on a busy machine the clock on the wall says little.
double cpu_seconds() {
    return static_cast<double>(std::clock()) / CLOCKS_PER_SEC;
}

TEST(StudySimulation, RunsTenThousandWorkersAndAHundredThousandTrials) {
    Scenario scenario;
    scenario.workers = 10'000;
    scenario.trials = 100'000;
    scenario.lookahead = 4096;
    scenario.slowest = 3.0;
    scenario.failure_rate = 0.02;
    const double began = cpu_seconds();
    SimulatedCluster cluster{scenario};
    const auto violations = cluster.run();
    const double seconds = cpu_seconds() - began;
    EXPECT_TRUE(violations.empty()) << joined(violations);
    EXPECT_LT(seconds, sanitized ? 300.0 : 60.0);
    rusage usage{};
    ::getrusage(RUSAGE_SELF, &usage);
    EXPECT_LT(usage.ru_maxrss, 2L << 20) << "kilobytes";
    RecordProperty("seconds", std::to_string(seconds));
}

study::Study running_study() {
    Scenario scenario;
    scenario.trials = 3;
    SimulatedCluster cluster{scenario};
    static_cast<void>(cluster.run());
    return std::move(const_cast<study::Study&>(cluster.study()));
}

TEST(Invariants, NoticeAStudyThatEndsBeforeItsTrials) {
    const study::Study study = running_study();
    Invariants invariants{4};
    invariants.check_end(study, true);
    EXPECT_EQ(invariants.violations().size(), 1U);
}

TEST(Invariants, NoticeATrialTooMany) {
    const study::Study study = running_study();
    Invariants invariants{2};
    invariants.check(study::StopRequested{}, study);
    EXPECT_FALSE(invariants.violations().empty());
}

TEST(Invariants, NoticeAnEndedTrialThatChanges) {
    // Two studies whose first trial ended in different ways, shown as one.
    Scenario scenario;
    scenario.trials = 1;
    SimulatedCluster completed{scenario};
    static_cast<void>(completed.run());
    scenario.failure_rate = 3.0;
    SimulatedCluster failed{scenario};
    static_cast<void>(failed.run());
    Invariants invariants{1};
    invariants.check(study::StopRequested{}, completed.study());
    invariants.check(study::StopRequested{}, failed.study());
    EXPECT_FALSE(invariants.violations().empty());
}

TEST(Invariants, NoticeAStartOnADeadWorkerAndOfAnEndedTrial) {
    const study::Study study = running_study();
    Invariants invariants{3};
    invariants.check_start({TrialId{0}, 1, WorkerId{99}}, study);
    EXPECT_EQ(invariants.violations().size(), 2U);
}

TEST(Invariants, NoticeMoreCheckpointsOrBytesThanTheQuotaAllows) {
    Scenario scenario;
    scenario.trials = 10;
    scenario.save_rate = 1.0;
    scenario.kept_checkpoints = 4;
    SimulatedCluster cluster{scenario};
    static_cast<void>(cluster.run());
    std::set<std::string> disk;
    for (const study::Checkpoint& checkpoint : cluster.study().checkpoints().all()) {
        disk.insert(folder_name(checkpoint));
    }
    const auto violations = [&](const study::CheckpointLimits& quota) {
        Invariants invariants{10};
        invariants.check_checkpoints(cluster.study(), disk, quota);
        return invariants.violations().size();
    };
    EXPECT_EQ(violations({.count = 4}), 0U);
    EXPECT_EQ(violations({.count = 3}), 1U);
    EXPECT_EQ(violations({.count = 4, .bytes = 1}), 1U);
    disk.clear();
    EXPECT_EQ(violations({.count = 4}), 4U);
}

TEST(Invariants, NoticeAReplayThatDiffers) {
    const study::Study one = running_study();
    Scenario scenario;
    scenario.trials = 3;
    scenario.seed = 5;
    SimulatedCluster other{scenario};
    static_cast<void>(other.run());
    Invariants invariants{3};
    invariants.check_replay(one, other.study());
    EXPECT_EQ(invariants.violations().size(), 1U);
}

}  // namespace
}  // namespace hpogrid::simulation
