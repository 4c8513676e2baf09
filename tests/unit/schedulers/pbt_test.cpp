#include "engine/core/error.hpp"
#include "engine/schedulers/registry.hpp"
#include "engine/space/space.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <limits>
#include <nlohmann/json.hpp>
#include <set>

namespace hpogrid::schedulers {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

constexpr double nan = std::numeric_limits<double>::quiet_NaN();

const space::Space& one_number() {
    static const space::Space space{{{"x", space::Uniform{0.0, 100.0}, {}}}};
    return space;
}

/// A population whose trial i has the value 10 (i + 1).
class Population {
  public:
    explicit Population(std::uint32_t trials, nlohmann::json parameters = nlohmann::json::object()) {
        parameters.emplace("time_attr", "training_iteration");
        parameters.emplace("perturbation_interval", 5);
        parameters.emplace("resample_probability", 0);
        scheduler = make_scheduler("pbt", {.parameters = parameters, .seed = 1, .space = &one_number()});
        for (std::uint32_t trial = 0; trial < trials; ++trial) {
            scheduler->on_trial_added(TrialId{trial}, {space::Value{10.0 * (trial + 1)}});
        }
    }
    Decision report(std::uint32_t trial, double time, double score, bool new_trials_wait = false) {
        return scheduler->on_report({TrialId{trial}, time, score, new_trials_wait, true});
    }
    [[nodiscard]] std::vector<Exploit> exploits() const {
        std::vector<Exploit> found;
        for (const Order& order : scheduler->take_orders()) {
            found.push_back(std::get<Exploit>(order));
        }
        return found;
    }
    std::unique_ptr<Scheduler> scheduler;
};

TEST(PopulationBasedTraining, LetsTrialsRunToTheirPerturbationInterval) {
    Population population{2, {{"burn_in_period", 7}}};
    EXPECT_EQ(population.scheduler->milestone(TrialId{0}), 7);
    EXPECT_EQ(population.report(0, 5, 1.0), Decision::proceed) << "still burning in";
    EXPECT_EQ(population.scheduler->milestone(TrialId{0}), 7);
    EXPECT_EQ(population.report(0, 7, 1.0), Decision::proceed);
    EXPECT_EQ(population.scheduler->milestone(TrialId{0}), 12);
}

TEST(PopulationBasedTraining, ExploitsOnlyATrialThatWasAmongTheBestAtItsOwnPerturbation) {
    Population early{2};
    EXPECT_EQ(early.report(0, 5, 1.0), Decision::proceed) << "alone";
    EXPECT_EQ(early.report(1, 5, 2.0), Decision::proceed) << "trial 0 was not among the best of one";
    EXPECT_THAT(early.exploits(), IsEmpty());
    Population population{4};
    static_cast<void>(population.report(1, 5, 2.0));
    EXPECT_EQ(population.report(0, 5, 1.0), Decision::proceed) << "among the best, a source from now on";
    EXPECT_EQ(population.report(2, 5, 3.0), Decision::pause);
    const auto exploits = population.exploits();
    ASSERT_EQ(exploits.size(), 1U);
    EXPECT_EQ(exploits[0].trial, TrialId{2});
    EXPECT_EQ(exploits[0].source, TrialId{0});
    const double value = std::get<double>(exploits[0].point[0]);
    EXPECT_TRUE(value == 12.0 || value == 8.0) << value;
    EXPECT_EQ(population.scheduler->milestone(TrialId{2}), 10) << "as its source";
}

TEST(PopulationBasedTraining, TakesItsQuantilesOfTrialsThatHaveNotEndedAndWhoseScoreIsANumber) {
    Population population{5};
    static_cast<void>(population.report(3, 5, 9.0));
    static_cast<void>(population.report(0, 5, 1.0));
    static_cast<void>(population.report(1, 5, nan));
    EXPECT_THAT(population.exploits(), IsEmpty()) << "a score that is no number is in no quantile";
    population.scheduler->on_trial_removed(TrialId{3});
    EXPECT_EQ(population.report(2, 5, 2.0), Decision::pause) << "the worst of two, with trial 3 out of the way";
    EXPECT_EQ(population.exploits().at(0).source, TrialId{0});
}

TEST(PopulationBasedTraining, RoundsTheQuantileUpButNeverBeyondHalf) {
    const auto exploits = [](std::uint32_t trials, double fraction) {
        Population population{trials, {{"synch", true}, {"quantile_fraction", fraction}}};
        for (std::uint32_t trial = 0; trial < trials; ++trial) {
            static_cast<void>(population.report(trial, 5, trial));
        }
        return population.exploits().size();
    };
    EXPECT_EQ(exploits(5, 0.25), 2U);
    EXPECT_EQ(exploits(4, 0.25), 1U);
    EXPECT_EQ(exploits(3, 0.5), 1U);
    EXPECT_EQ(exploits(4, 0.5), 2U);
    EXPECT_EQ(exploits(4, 0.0), 0U);
    EXPECT_EQ(exploits(1, 0.5), 0U);
}

TEST(PopulationBasedTraining, TakesTurnsWhenThereAreMoreTrialsThanPlaces) {
    Population population{3};
    EXPECT_EQ(population.report(0, 5, 1.0, true), Decision::pause);
    population.scheduler->on_trial_paused(TrialId{0});
    EXPECT_EQ(population.scheduler->next_resumed({.new_trials_wait = true}), std::nullopt)
        << "new trials have trained least";
    EXPECT_EQ(population.report(1, 7, 1.0), Decision::pause) << "trial 0 waits";
    population.scheduler->on_trial_paused(TrialId{1});
    for (const std::uint32_t trial : {0U, 1U}) {
        EXPECT_EQ(population.scheduler->next_resumed({}), TrialId{trial});
        population.scheduler->on_trial_resumed(TrialId{trial});
    }
    EXPECT_EQ(population.scheduler->next_resumed({}), std::nullopt);
}

TEST(PopulationBasedTraining, ResumesTheTrialWithTheLeastTrainingOfThoseThatHaveTheTimeForAnInterval) {
    Population population{3};
    for (const std::uint32_t trial : {0U, 1U}) {
        EXPECT_EQ(population.report(trial, 5 + trial, 1.0, true), Decision::pause);
        population.scheduler->on_trial_paused(TrialId{trial});
    }
    EXPECT_EQ(population.scheduler->next_judgement(TrialId{1}), 11);
    EXPECT_EQ(population.scheduler->next_resumed({.has_time_for = [](TrialId trial) { return trial == TrialId{1}; }}),
              TrialId{1});
    EXPECT_EQ(population.scheduler->next_resumed({.has_time_for = [](TrialId) { return false; }}), std::nullopt);
}

TEST(PopulationBasedTraining, DoesNotYieldWithoutACheckpoint) {
    Population population{3};
    EXPECT_EQ(population.scheduler->on_report({TrialId{0}, 5, 1.0, true, false}), Decision::proceed);
}

TEST(PopulationBasedTraining, InSynchAllWaitForEachOtherThenTheWorstExploitTheBest) {
    Population population{4, {{"synch", true}}};
    for (const std::uint32_t trial : {0U, 1U, 2U}) {
        EXPECT_EQ(population.report(trial, 5, trial), Decision::pause);
        population.scheduler->on_trial_paused(TrialId{trial});
    }
    EXPECT_EQ(population.scheduler->next_resumed({}), std::nullopt) << "they wait for trial 3";
    EXPECT_EQ(population.report(3, 5, 3.0), Decision::pause);
    const auto exploits = population.exploits();
    ASSERT_EQ(exploits.size(), 1U);
    EXPECT_EQ(exploits[0].trial, TrialId{3});
    EXPECT_EQ(exploits[0].source, TrialId{0});
    EXPECT_EQ(population.scheduler->next_resumed({}), TrialId{0});
    EXPECT_EQ(population.scheduler->milestone(TrialId{0}), 10);
}

TEST(PopulationBasedTraining, InSynchTheOthersGoOnWhenTheTrialTheyWaitedForHasEnded) {
    Population population{3, {{"synch", true}}};
    for (const std::uint32_t trial : {0U, 1U}) {
        EXPECT_EQ(population.report(trial, 5, trial), Decision::pause);
        population.scheduler->on_trial_paused(TrialId{trial});
    }
    EXPECT_EQ(population.scheduler->next_resumed({}), std::nullopt);
    population.scheduler->on_trial_removed(TrialId{2});
    EXPECT_EQ(population.exploits().size(), 1U);
    EXPECT_NE(population.scheduler->next_resumed({}), std::nullopt);
}

TEST(PopulationBasedTraining, InSynchATrialThatBeganAnewDoesNotStopAtMeetingsThatAreOver) {
    Population population{2, {{"synch", true}, {"quantile_fraction", 0}}};
    EXPECT_EQ(population.report(0, 5, 1.0), Decision::pause);
    population.scheduler->on_trial_paused(TrialId{0});
    EXPECT_EQ(population.report(1, 5, 2.0), Decision::proceed) << "the last one";
    population.scheduler->on_trial_restarted(TrialId{1});
    EXPECT_EQ(population.scheduler->milestone(TrialId{1}), 10);
    EXPECT_EQ(population.report(1, 5, 2.0), Decision::proceed);
    EXPECT_EQ(population.report(1, 9, 2.0), Decision::proceed);
    EXPECT_EQ(population.report(1, 10, 2.0), Decision::pause);
}

// Mutations, through trial 1 that exploits trial 0.

class Mutations : public testing::Test {
  protected:
    static std::set<std::string> values(const space::Parameter& parameter, const space::Value& value,
                                        nlohmann::json parameters) {
        const space::Space space{std::vector{parameter}};
        std::set<std::string> seen;
        for (std::uint64_t seed = 0; seed < 300; ++seed) {
            parameters["time_attr"] = "training_iteration";
            parameters["perturbation_interval"] = 1;
            const auto pbt = make_scheduler("pbt", {.parameters = parameters, .seed = seed, .space = &space});
            for (const std::uint32_t trial : {0U, 1U, 2U}) {
                pbt->on_trial_added(TrialId{trial}, {value});
            }
            for (const auto& [trial, score] : {std::pair{1U, 2.0}, {0U, 1.0}, {2U, 3.0}}) {
                static_cast<void>(pbt->on_report({TrialId{trial}, 1, score, false, true}));
            }
            for (const Order& order : pbt->take_orders()) {
                seen.insert(space.configuration(std::get<Exploit>(order).point).dump());
            }
        }
        return seen;
    }
    static inline const nlohmann::json keep{{"resample_probability", 0}};
    static inline const nlohmann::json draw{{"resample_probability", 1}};
};

TEST_F(Mutations, MultiplyRealNumbersAndStayInTheirRange) {
    EXPECT_THAT(values({"x", space::Uniform{0, 100}, {}}, 10.0, keep), ElementsAre(R"({"x":12.0})", R"({"x":8.0})"));
    EXPECT_THAT(values({"x", space::LogUniform{9, 100, 10}, {}}, 10.0, keep),
                ElementsAre(R"({"x":12.0})", R"({"x":9.0})"));
}

TEST_F(Mutations, CutIntegersOff) {
    EXPECT_THAT(values({"n", space::UniformInt{1, 100}, {}}, std::int64_t{7}, keep),
                ElementsAre(R"({"n":5})", R"({"n":8})"));
}

TEST_F(Mutations, KeepQuantisedNumbersOnTheirGrid) {
    EXPECT_THAT(values({"x", space::QUniform{0, 100, 5}, {}}, 50.0, keep),
                ElementsAre(R"({"x":40.0})", R"({"x":60.0})"));
}

TEST_F(Mutations, MoveToTheNeighbourInAListOrStayAtItsEnd) {
    const space::Parameter parameter{"c", space::Categorical{{"a", "b", "c"}, false}, {}};
    EXPECT_THAT(values(parameter, space::Category{1}, keep), ElementsAre(R"({"c":"a"})", R"({"c":"c"})"));
    EXPECT_THAT(values(parameter, space::Category{0}, keep), ElementsAre(R"({"c":"a"})", R"({"c":"b"})"));
}

TEST_F(Mutations, ChooseFromAGivenList) {
    nlohmann::json parameters = keep;
    parameters["hyperparam_mutations"] = {{"n", {1, 5, 9}}};
    const space::Parameter parameter{"n", space::UniformInt{1, 100}, {}};
    EXPECT_THAT(values(parameter, std::int64_t{5}, parameters), ElementsAre(R"({"n":1})", R"({"n":9})"));
    EXPECT_THAT(values(parameter, std::int64_t{7}, parameters), ElementsAre(R"({"n":1})", R"({"n":5})", R"({"n":9})"))
        << "a value that is not in the list is drawn anew";
}

TEST_F(Mutations, DrawAnewFromAGivenRange) {
    nlohmann::json parameters = draw;
    parameters["hyperparam_mutations"] = {{"n", {{"low", 4}, {"high", 6}}}};
    EXPECT_THAT(values({"n", space::UniformInt{1, 100}, {}}, std::int64_t{50}, parameters),
                ElementsAre(R"({"n":4})", R"({"n":5})", R"({"n":6})"));
}

TEST_F(Mutations, MayLeaveTheSearchSpaceWhereTheyAreToldSo) {
    nlohmann::json parameters = keep;
    parameters["hyperparam_mutations"] = {{"x", {{"low", 100}, {"high", 130}}}};
    const space::Parameter parameter{"x", space::LogUniform{1, 110, 10}, {}};
    EXPECT_THAT(values(parameter, 110.0, parameters), ElementsAre(R"({"x":100.0})", R"({"x":130.0})"));
    parameters["hyperparam_mutations"] = {{"x", {110, 500}}};
    EXPECT_THAT(values(parameter, 110.0, parameters), ElementsAre(R"({"x":110.0})", R"({"x":500.0})"));
    parameters["hyperparam_mutations"] = {{"n", {0, 3}}};
    EXPECT_THAT(values({"n", space::UniformInt{1, 4}, {}}, std::int64_t{2}, parameters),
                ElementsAre(R"({"n":0})", R"({"n":3})"));
}

TEST_F(Mutations, LeaveAloneWhatIsNotNamed) {
    nlohmann::json parameters = draw;
    parameters["hyperparam_mutations"] = nlohmann::json::object();
    EXPECT_THAT(values({"x", space::Uniform{0, 100}, {}}, 10.0, parameters), ElementsAre(R"({"x":10.0})"));
}

void expect_refused(const nlohmann::json& parameters, const std::string& fragment) {
    try {
        static_cast<void>(make_scheduler("pbt", {.parameters = parameters, .space = &one_number()}));
        ADD_FAILURE() << parameters << " was taken";
    } catch (const InputError& error) {
        EXPECT_NE(std::string{error.what()}.find(fragment), std::string::npos) << error.what();
    }
}

TEST(PopulationBasedTraining, RefusesParametersThatMakeNoSense) {
    expect_refused({{"quantile_fraction", 0.6}}, "quantile_fraction");
    expect_refused({{"perturbation_interval", 0}}, "perturbation_interval");
    expect_refused({{"perturbation_factors", {-1}}}, "perturbation_factors");
    expect_refused({{"perturbation_factors", nlohmann::json::array()}}, "perturbation_factors");
    expect_refused({{"hyperparam_mutations", {{"y", {1, 2}}}}}, "no hyperparameter that can change");
    expect_refused({{"hyperparam_mutations", {{"x", {1, "high"}}}}}, "allowed: a number");
    expect_refused({{"hyperparam_mutations", {{"x", {{"low", 5}, {"high", 2}}}}}}, "'low' at most 'high'");
    expect_refused({{"hyperparam_mutations", {{"x", 5}}}}, "a list of values");
    expect_refused({{"custom_explore_fn", "f"}}, "unknown");
}

}  // namespace
}  // namespace hpogrid::schedulers
