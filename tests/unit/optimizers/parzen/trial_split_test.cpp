#include "engine/optimizers/parzen/trial_split.hpp"

#include "engine/core/random.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <vector>

namespace hpogrid::optimizers {
namespace {

using Kind = Observation::Kind;
using Side = TrialSplit::Side;

class Split : public testing::Test {
  protected:
    explicit Split(TrialSplit::Pending pending = TrialSplit::Pending::above) : split_{pending, third} {}
    static std::size_t third(std::size_t observations) { return (observations + 2) / 3; }

    void tell(std::uint32_t trial, Kind kind, double score = 0.0) {
        const Observation observation{.kind = kind,
                                      .trial = TrialId{trial},
                                      .point = {0.001 * (trial + 1000.0 * (kind == Kind::pending ? ++told_ : 0))},
                                      .score = score,
                                      .iteration = 1};
        if (history_.tell(observation)) {
            split_.note(trial, kind == Kind::pending);
        }
    }
    void finish(std::uint32_t trial, double score) {
        tell(trial, Kind::pending);
        tell(trial, Kind::finished, score);
    }
    std::vector<Side> sides() {
        static_cast<void>(split_.update(history_));
        return {split_.sides().begin(), split_.sides().end()};
    }
    std::vector<std::uint32_t> below() {
        static_cast<void>(split_.update(history_));
        return {split_.below().begin(), split_.below().end()};
    }

    const space::Space space_{{{"x", space::Uniform{0, 1e6}, {}}}};
    TrialHistory history_{space_};
    TrialSplit split_;
    int told_{0};
};

TEST_F(Split, TakesTheBestAndOfEqualsTheFirst) {
    for (const double score : {5.0, 1.0, 3.0, 1.0, 1.0, 9.0}) {
        finish(history_.next_index(), score);
    }
    EXPECT_EQ(below(), (std::vector<std::uint32_t>{1, 3}));
    finish(6, -1);
    EXPECT_EQ(below(), (std::vector<std::uint32_t>{1, 3, 6}));
    EXPECT_EQ(std::ranges::count(split_.sides(), Side::above), 4);
}

TEST_F(Split, CountsFailuresAsWorst) {
    for (std::uint32_t trial = 0; trial < 5; ++trial) {
        tell(trial, Kind::pending);
        tell(trial, Kind::failed);
    }
    EXPECT_TRUE(below().empty());
    finish(5, 1e308);
    EXPECT_EQ(below(), (std::vector<std::uint32_t>{5})) << "two should be good, one has a score";
    EXPECT_EQ(split_.observations(), 6U);
}

TEST_F(Split, LetsPendingTrialsBeBadUntilTheyFinish) {
    finish(0, 1.0);
    tell(1, Kind::pending);
    EXPECT_EQ(sides(), (std::vector{Side::below, Side::above}));
    EXPECT_EQ(split_.observations(), 1U);
    tell(1, Kind::finished, 0.0);
    EXPECT_EQ(sides(), (std::vector{Side::above, Side::below}));
}

TEST_F(Split, ForgetsWithdrawnTrials) {
    finish(0, 1.0);
    tell(1, Kind::pending);
    EXPECT_EQ(sides(), (std::vector{Side::below, Side::above}));
    tell(1, Kind::withdrawn);
    EXPECT_EQ(sides(), (std::vector{Side::below, Side::none}));
}

TEST_F(Split, LetsATrialWithAnotherPointLeaveFirst) {
    tell(0, Kind::pending);
    static_cast<void>(split_.update(history_));
    tell(0, Kind::pending);
    std::vector<Side> ways;
    for (const TrialSplit::Move& move : split_.update(history_)) {
        ways.insert(ways.end(), {move.from, move.to});
    }
    EXPECT_EQ(ways, (std::vector{Side::above, Side::none, Side::none, Side::above}));
}

TEST_F(Split, KeepsUpWithASplitFromScratch) {
    RandomStream random{2, 0, RandomPurpose::simulation};
    std::vector<Side> followed;
    for (std::uint32_t step = 0; step < 300; ++step) {
        if (step % 7 == 3) {
            tell(static_cast<std::uint32_t>(random.below(history_.next_index())), Kind::failed);
        } else if (step % 3 == 0) {
            finish(history_.next_index(), static_cast<double>(random.below(50)));
        } else {
            tell(history_.next_index(), Kind::pending);
            const auto pending = *history_.pending().begin();
            tell(pending, random.below(4) == 0 ? Kind::withdrawn : Kind::finished, random.uniform() * 50);
        }
        for (const TrialSplit::Move& move : split_.update(history_)) {
            followed.resize(history_.trials().size());
            EXPECT_EQ(followed[move.trial], move.from);
            followed[move.trial] = move.to;
        }
        followed.resize(history_.trials().size());
        TrialSplit fresh{TrialSplit::Pending::above, third};
        static_cast<void>(fresh.update(history_));
        ASSERT_TRUE(std::ranges::equal(followed, fresh.sides())) << step;
        ASSERT_TRUE(std::ranges::equal(followed, split_.sides())) << step;
        ASSERT_TRUE(std::ranges::equal(split_.below(), fresh.below())) << step;
    }
}

class CountingSplit : public Split {
  protected:
    CountingSplit() : Split{TrialSplit::Pending::counted} {}
};

TEST_F(CountingSplit, CountsPendingTrialsIfAsked) {
    for (std::uint32_t trial = 0; trial < 4; ++trial) {
        finish(trial, trial);
    }
    EXPECT_EQ(below().size(), 2U);
    for (std::uint32_t trial = 4; trial < 7; ++trial) {
        tell(trial, Kind::pending);
    }
    EXPECT_EQ(below().size(), 3U);
    EXPECT_EQ(split_.observations(), 7U);
}

class ForgetfulSplit : public Split {
  protected:
    ForgetfulSplit() : Split{TrialSplit::Pending::ignored} {}
};

TEST_F(ForgetfulSplit, IgnoresPendingTrialsIfAsked) {
    finish(0, 1.0);
    tell(1, Kind::pending);
    EXPECT_EQ(sides(), (std::vector{Side::below, Side::none}));
}

}  // namespace
}  // namespace hpogrid::optimizers
