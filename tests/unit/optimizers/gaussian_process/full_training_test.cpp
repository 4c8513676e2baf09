#include "engine/optimizers/gaussian_process/full_training.hpp"

#include "engine/space/space.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <numeric>
#include <vector>

namespace hpogrid::optimizers {
namespace {

const space::Space one_parameter{{{"x", space::Uniform{0, 1}, {}}}};

/// A history of trials that reported these scores at these iterations and then ended with the best of them.
class Curves {
  public:
    using Curve = std::vector<IntermediateScore>;

    void add(const Curve& curve, Observation::Kind end = Observation::Kind::finished) {
        const TrialId trial{history_.next_index()};
        const double x = 1.0 / (2.0 + trial.value);
        history_.tell({.kind = Observation::Kind::pending, .trial = trial, .point = {x}});
        double best = std::numeric_limits<double>::infinity();
        for (const IntermediateScore& report : curve) {
            best = std::min(best, report.score);
            history_.tell({.kind = Observation::Kind::intermediate,
                           .trial = trial,
                           .point = {},
                           .score = report.score,
                           .iteration = report.iteration});
        }
        history_.tell({.kind = end, .trial = trial, .point = {}, .score = best});
    }
    void add_without_reports(double score) {
        const TrialId trial{history_.next_index()};
        history_.tell({.kind = Observation::Kind::pending, .trial = trial, .point = {0.01 * trial.value}});
        history_.tell({.kind = Observation::Kind::finished, .trial = trial, .point = {}, .score = score});
    }

    /// Of the finished trials.
    [[nodiscard]] std::vector<double> expected() const { return values(&FullTraining::Expectation::score); }
    [[nodiscard]] std::vector<double> deviations() const { return values(&FullTraining::Expectation::deviation); }

  private:
    [[nodiscard]] std::vector<double> values(double FullTraining::Expectation::*which) const {
        std::vector<std::uint32_t> trials(history_.trials().size());
        std::iota(trials.begin(), trials.end(), 0U);
        const FullTraining full{history_, trials};
        std::vector<double> values;
        for (const KnownTrial& trial : history_.trials()) {
            if (trial.state == KnownTrial::State::finished) {
                values.push_back(full.of(trial).*which);
            }
        }
        return values;
    }

    TrialHistory history_{one_parameter};
};

TEST(FullTrainingTest, AddsTheMedianGainOfThoseThatWereTrainedFurther) {
    Curves curves;
    curves.add({{1, 5.0}});
    curves.add({{1, 4.0}, {3, 3.5}});
    curves.add({{1, 4.0}, {3, 3.0}});
    curves.add({{1, 4.0}, {3, 2.0}, {9, 1.5}});
    // From 1 to 3: gains of 0.5, 1 and 2; from 3 to 9: 0.5.
    EXPECT_EQ(curves.expected(), (std::vector{5.0 - 1.0 - 0.5, 3.5 - 0.5, 3.0 - 0.5, 1.5}));
}

TEST(FullTrainingTest, DoubtsAGainByHalfOfItAndByTheDistanceOfOthers) {
    Curves curves;
    curves.add({{1, 5.0}});
    curves.add({{1, 4.0}, {3, 3.5}});
    curves.add({{1, 4.0}, {3, 3.0}});
    curves.add({{1, 4.0}, {3, 2.0}, {9, 1.5}});
    // From 1 to 3: gains of 0.5, 1 and 2 lie 0.5, 0 and 1 from their median; from 3 to 9: one gain of 0.5.
    const double first = std::pow(1.4826 * 0.5, 2) + 0.25;
    const double second = 0.0625;
    const std::vector<double> deviations = curves.deviations();
    ASSERT_EQ(deviations.size(), 4U);
    EXPECT_DOUBLE_EQ(deviations[0], std::sqrt(first + second));
    EXPECT_DOUBLE_EQ(deviations[1], 0.25);
    EXPECT_DOUBLE_EQ(deviations[2], 0.25);
    EXPECT_EQ(deviations[3], 0.0);
}

TEST(FullTrainingTest, CountsTheBestScoreSoFar) {
    Curves curves;
    curves.add({{1, 5.0}});
    curves.add({{1, 4.0}, {2, 1.0}, {3, 6.0}});
    EXPECT_EQ(curves.expected(), (std::vector{5.0 - 3.0, 1.0}));
}

TEST(FullTrainingTest, LeavesScoresAsTheyAreWhereAllWereTrainedEquallyLong) {
    Curves curves;
    curves.add({{1, 5.0}, {2, 4.0}});
    curves.add({{1, 3.0}, {2, 2.0}});
    EXPECT_EQ(curves.expected(), (std::vector{4.0, 2.0}));
    Curves silent;
    silent.add_without_reports(3.0);
    silent.add_without_reports(2.0);
    EXPECT_EQ(silent.expected(), (std::vector{3.0, 2.0}));
}

TEST(FullTrainingTest, LearnsNothingFromFailedTrialsOrThoseWithoutEarlierReports) {
    Curves curves;
    curves.add({{1, 5.0}});
    curves.add({{1, 9.0}, {4, 0.0}}, Observation::Kind::failed);
    curves.add({{4, 1.0}});
    EXPECT_EQ(curves.expected(), (std::vector{5.0, 1.0}));
}

TEST(FullTrainingTest, StaysMonotoneWithTrialsThatEndAnywhere) {
    Curves curves;
    Curves::Curve curve;
    for (int end = 1; end <= 100; ++end) {
        curve.push_back({double(end), 1.0 / end});
        curves.add(curve);
    }
    const std::vector<double> expected = curves.expected();
    for (std::size_t i = 0; i < expected.size(); ++i) {
        EXPECT_LE(expected[i], 1.0 / (1.0 + double(i)));
        EXPECT_NEAR(expected[i], 0.01, i < 9 ? 0.9 : 0.1) << i;
    }
    EXPECT_EQ(expected.back(), 0.01);
}

TEST(FullTrainingTest, StaysFinite) {
    Curves curves;
    curves.add({{1, -1e308}});
    curves.add({{1, 1e308}, {2, -1e308}});
    curves.add({{1, 1e308}, {2, -1e308}, {3, -1.5e308}});
    for (const double score : curves.expected()) {
        EXPECT_TRUE(std::isfinite(score));
    }
    for (const double deviation : curves.deviations()) {
        EXPECT_TRUE(std::isfinite(deviation));
    }
}

}  // namespace
}  // namespace hpogrid::optimizers
