#include "engine/optimizers/trial_history.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <vector>

namespace hpogrid::optimizers {
namespace {

using Kind = Observation::Kind;
using State = KnownTrial::State;
using testing::ElementsAre;
using testing::IsEmpty;

class History : public testing::Test {
  protected:
    bool tell(Kind kind, std::uint32_t trial, double score = 0.0, double iteration = 0.0) {
        return history_.tell({.kind = kind, .trial = TrialId{trial}, .score = score, .iteration = iteration});
    }
    bool tell_pending(std::uint32_t trial, double x) {
        return history_.tell({.kind = Kind::pending, .trial = TrialId{trial}, .point = {x}});
    }

    const space::Space space_{{{"x", space::Uniform{0, 4}, {}}}};
    TrialHistory history_{space_};
};

TEST_F(History, FollowsATrialFromItsSuggestionToItsEnd) {
    history_.suggest({1.0});
    EXPECT_EQ(history_.next_index(), 1U);
    EXPECT_EQ(history_.trials()[0].state, State::pending);
    EXPECT_THAT(history_.trials()[0].unit, ElementsAre(0.25));
    EXPECT_THAT(history_.pending(), ElementsAre(0U));
    EXPECT_TRUE(tell(Kind::finished, 0, 0.5));
    EXPECT_EQ(history_.trials()[0].state, State::finished);
    EXPECT_THAT(history_.pending(), IsEmpty());
    EXPECT_THAT(history_.finished(), ElementsAre(0U));
    EXPECT_EQ(history_.best(), 0U);
}

TEST_F(History, IgnoresWhatItKnowsAlreadyOrNeverHeardOf) {
    history_.suggest({1.0});
    EXPECT_FALSE(tell_pending(0, 1.0));
    EXPECT_FALSE(tell(Kind::finished, 7, 0.5));
    EXPECT_TRUE(tell(Kind::failed, 0));
    EXPECT_FALSE(tell(Kind::finished, 0, 0.5)) << "a trial ends once";
    EXPECT_THAT(history_.finished(), IsEmpty());
    EXPECT_THAT(history_.failed(), ElementsAre(0U));
}

TEST_F(History, KeepsTheOrderInWhichTrialsEnded) {
    for (const double x : {1.0, 2.0, 3.0}) {
        history_.suggest({x});
    }
    tell(Kind::finished, 2, 5.0);
    tell(Kind::finished, 0, 4.0);
    tell(Kind::finished, 1, 4.0);
    EXPECT_THAT(history_.finished(), ElementsAre(2U, 0U, 1U));
    EXPECT_EQ(history_.best(), 0U) << "the first of equals";
}

TEST_F(History, TakesPointsFromElsewhereAndLeavesGaps) {
    EXPECT_TRUE(tell_pending(3, 2.0));
    EXPECT_EQ(history_.next_index(), 4U);
    EXPECT_EQ(history_.trials()[1].state, State::absent);
    EXPECT_TRUE(tell_pending(3, 3.0)) << "another point for a trial that has not ended";
    EXPECT_FALSE(history_.points().contains({2.0}));
    EXPECT_TRUE(history_.points().contains({3.0}));
}

TEST_F(History, ForgetsAWithdrawnTrialUntilItIsTakenUpAgain) {
    history_.suggest({1.0});
    EXPECT_TRUE(tell(Kind::withdrawn, 0));
    EXPECT_FALSE(history_.points().contains({1.0}));
    EXPECT_THAT(history_.pending(), IsEmpty());
    EXPECT_TRUE(tell_pending(0, 1.0));
    EXPECT_TRUE(history_.points().contains({1.0}));
}

TEST_F(History, ReplacesReportsOfATrialThatStartedAgain) {
    history_.suggest({1.0});
    for (const double iteration : {1.0, 2.0, 3.0}) {
        tell(Kind::intermediate, 0, 10.0 * iteration, iteration);
    }
    tell(Kind::intermediate, 0, 7.0, 2.0);
    std::vector<double> scores;
    for (const IntermediateScore& report : history_.trials()[0].intermediate) {
        scores.push_back(report.score);
    }
    EXPECT_THAT(scores, ElementsAre(10.0, 7.0));
}

}  // namespace
}  // namespace hpogrid::optimizers
