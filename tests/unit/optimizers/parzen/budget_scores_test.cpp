#include "engine/optimizers/parzen/budget_scores.hpp"

#include "engine/core/random.hpp"

#include <gtest/gtest.h>

#include <vector>

namespace hpogrid::optimizers {
namespace {

using Kind = Observation::Kind;
using Scored = BudgetScores::Scored;

class Budgets : public testing::Test {
  protected:
    void tell(std::uint32_t trial, Kind kind, double score = 0.0, double iteration = 0.0) {
        if (kind == Kind::pending) {
            static_cast<void>(history_.tell({.kind = kind, .trial = TrialId{trial}, .point = {1.0 * trial}}));
        } else if (history_.tell({.kind = kind, .trial = TrialId{trial}, .score = score, .iteration = iteration})) {
            budgets_.note(history_, trial);
        }
    }
    void report(std::uint32_t trial, const std::vector<double>& scores) {
        tell(trial, Kind::pending);
        for (std::size_t i = 0; i < scores.size(); ++i) {
            tell(trial, Kind::intermediate, scores[i], static_cast<double>(i + 1));
        }
    }
    [[nodiscard]] std::optional<double> largest(std::size_t least) const {
        return budgets_.largest([&](std::size_t scores) { return scores >= least; });
    }
    [[nodiscard]] std::vector<Scored> at(double budget) const { return BudgetScores::at(history_, budget); }

    const space::Space space_{{{"x", space::Uniform{0, 1e6}, {}}}};
    TrialHistory history_{space_};
    BudgetScores budgets_;
};

TEST_F(Budgets, AreTheIterationsOfReports) {
    report(0, {5, 4, 3});
    report(1, {6, 2});
    report(2, {7});
    EXPECT_EQ(largest(1), 3.0);
    EXPECT_EQ(largest(2), 2.0);
    EXPECT_EQ(largest(3), 1.0);
    EXPECT_EQ(largest(4), std::nullopt);
    EXPECT_EQ(at(2), (std::vector<Scored>{{4, 0}, {2, 1}}));
}

TEST_F(Budgets, TakeTheFinalScoreForTheLastReport) {
    report(0, {5, 4});
    tell(0, Kind::finished, 1.5);
    EXPECT_EQ(at(2), (std::vector<Scored>{{1.5, 0}}));
    EXPECT_EQ(at(1), (std::vector<Scored>{{5, 0}}));
}

TEST_F(Budgets, CountTrialsThatNeverReportedAtZero) {
    tell(0, Kind::pending);
    EXPECT_EQ(largest(1), std::nullopt);
    tell(0, Kind::finished, 3.0);
    EXPECT_EQ(largest(1), 0.0);
    EXPECT_EQ(at(0), (std::vector<Scored>{{3, 0}}));
}

TEST_F(Budgets, LeaveOutFailedTrials) {
    report(0, {5, 4});
    report(1, {6});
    tell(0, Kind::failed);
    EXPECT_EQ(largest(1), 1.0);
    EXPECT_EQ(at(1), (std::vector<Scored>{{6, 1}}));
}

TEST_F(Budgets, FollowATrialThatStartedAgain) {
    report(0, {5, 4, 3});
    tell(0, Kind::intermediate, 9, 1);
    EXPECT_EQ(largest(1), 1.0);
    EXPECT_EQ(at(1), (std::vector<Scored>{{9, 0}}));
    tell(0, Kind::intermediate, 8, 1);
    EXPECT_EQ(largest(1), 1.0);
    EXPECT_EQ(largest(2), std::nullopt) << "a corrected report is one report";
    tell(0, Kind::withdrawn);
    EXPECT_EQ(largest(1), std::nullopt);
}

TEST_F(Budgets, KeepUpWithCountsFromScratch) {
    RandomStream random{6, 0, RandomPurpose::simulation};
    for (std::uint32_t trial = 0; trial < 10; ++trial) {
        tell(trial, Kind::pending);
    }
    for (int step = 0; step < 2000; ++step) {
        const auto trial = static_cast<std::uint32_t>(random.below(history_.next_index()));
        const std::uint64_t what = random.below(40);
        if (what == 0) {
            tell(trial, Kind::finished, 1.0);
            tell(history_.next_index(), Kind::pending);
        } else if (what == 1) {
            tell(trial, Kind::failed);
        } else if (what == 2) {
            tell(trial, Kind::withdrawn);
        } else {
            tell(trial, Kind::intermediate, random.uniform(), static_cast<double>(random.below(6)));
        }
        for (const std::size_t least : {1U, 3U, 6U}) {
            std::optional<double> expected;
            for (double budget = 0; budget < 6; ++budget) {
                expected = at(budget).size() >= least ? budget : expected;
            }
            ASSERT_EQ(largest(least), expected) << step;
        }
    }
}

}  // namespace
}  // namespace hpogrid::optimizers
