#include "engine/optimizers/parzen/univariate_parzen.hpp"

#include "engine/optimizers/parzen/neighbour_bandwidth.hpp"
#include "engine/optimizers/parzen/observed_axes.hpp"
#include "engine/optimizers/parzen/truncated_normal.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <vector>

namespace hpogrid::optimizers {
namespace {

using Candidate = UnivariateParzen::Candidate;
using Side = TrialSplit::Side;
constexpr double inactive = ObservedAxes::inactive;

struct Trials {
    std::vector<double> coordinates;
    std::vector<Side> sides;
    std::vector<double> weights;
};

/// The estimator of an axis, with a weight of 1 for every trial unless told otherwise.
UnivariateParzen estimator(const Axis& axis, Trials trials, double prior_weight = 1.0) {
    trials.weights.resize(trials.coordinates.size(), 1.0);
    UnivariateParzen made{axis, prior_weight};
    std::vector<std::uint32_t> below;
    for (std::uint32_t trial = 0; trial < trials.coordinates.size(); ++trial) {
        if (std::isnan(trials.coordinates[trial])) {
            continue;
        }
        if (trials.sides[trial] == Side::below) {
            below.push_back(trial);
        } else if (trials.sides[trial] == Side::above) {
            made.above().insert(SortedCentres::Entry{trials.coordinates[trial], trial});
        }
    }
    made.rebuild(trials.coordinates, trials.sides, trials.weights, below);
    return made;
}

double normal(double x, double centre, double width) {
    return std::exp(-0.5 * std::pow((x - centre) / width, 2)) / (width * std::sqrt(2 * M_PI));
}

TEST(UnivariateParzenTest, PutsAKernelAtEachTrialAndOneForThePrior) {
    const space::SamplingMethod method = space::Uniform{0, 1};
    const Axis axis{method};
    const UnivariateParzen made =
        estimator(axis,
                  {{0.9, 0.1, inactive, 0.3, 0.2, 0.7},
                   {Side::below, Side::above, Side::above, Side::above, Side::none, Side::above},
                   {1, 0.5, 1, 0.75, 1, 1}},
                  2.0);
    for (const double x : {0.0, 0.15, 0.5, 0.99}) {
        // One good trial: half the prior's width. Others: 0.1 0.3 [0.5] 0.7, at least 1/5.
        EXPECT_NEAR(made.good().kernel_sum(x), normal(x, 0.9, 0.5) + 2 * normal(x, 0.5, 1), 1e-12);
        EXPECT_NEAR(
            made.bad().kernel_sum(x),
            0.5 * normal(x, 0.1, 0.2) + 0.75 * normal(x, 0.3, 0.2) + normal(x, 0.7, 0.2) + 2 * normal(x, 0.5, 1),
            1e-12);
    }
}

TEST(UnivariateParzenTest, IsTheSameWithThousandsOfTrials) {
    const space::SamplingMethod method = space::Normal{0, 1};
    const Axis axis{method};
    for (const double farthest : {4.0, 1e6}) {
        RandomStream random{4, 0, RandomPurpose::simulation};
        Trials trials;
        for (int i = 0; i < 3000; ++i) {
            trials.coordinates.push_back(i % 50 == 0 ? inactive : random.normal());
            trials.sides.push_back(i % 90 == 7 ? Side::below : i % 90 == 8 ? Side::none : Side::above);
            trials.weights.push_back(random.uniform());
        }
        trials.coordinates[1] = -4.0;
        trials.coordinates[2] = farthest;
        UnivariateParzen made = estimator(axis, trials, 2.0);
        const auto sorted = made.above().entries();
        for (double x = -4.5; x < 4.5; x += 0.0731) {
            double expected = 2.0 * normal(x, axis.middle(), prior_bandwidth);
            for (std::size_t i = 0; i < sorted.size(); ++i) {
                const double gap = neighbour_gap(sorted, i, Neighbours::with_prior, axis);
                const double width = std::clamp(gap, narrowest_bandwidth(sorted.size()), prior_bandwidth);
                expected += trials.weights[sorted[i].trial] * normal(x, sorted[i].centre, width);
            }
            EXPECT_NEAR(made.bad().kernel_sum(x) / expected, 1.0, 1e-10) << x;
        }
    }
}

TEST(UnivariateParzenTest, CountsCategoriesByWeightAndPrior) {
    const space::SamplingMethod method = space::Categorical{{"a", "b", "c"}};
    const Axis axis{method};
    const UnivariateParzen made =
        estimator(axis,
                  {{2, 2, 0, 1, inactive, 0},
                   {Side::below, Side::below, Side::above, Side::above, Side::above, Side::none},
                   {1, 1, 0.25, 1, 1, 1}},
                  0.5);
    const auto are = [](std::vector<double> shares) { return testing::Pointwise(testing::DoubleNear(1e-15), shares); };
    EXPECT_THAT(std::vector(made.good_categories().begin(), made.good_categories().end()),
                are({0.5 / 3.5, 0.5 / 3.5, 2.5 / 3.5}));
    EXPECT_THAT(std::vector(made.bad_categories().begin(), made.bad_categories().end()),
                are({0.75 / 2.75, 1.5 / 2.75, 0.5 / 2.75}));
}

TEST(UnivariateParzenTest, DrawsCandidatesInTheOrderOfTheirRatio) {
    const space::SamplingMethod real = space::Uniform{0, 10};
    const space::SamplingMethod integer = space::UniformInt{0, 9};
    const Trials trials{{0.15, 0.25, 0.75, 0.85}, {Side::below, Side::below, Side::above, Side::above}, {}};
    for (const space::SamplingMethod* method : {&real, &integer}) {
        const Axis axis{*method};
        const UnivariateParzen made = estimator(axis, trials);
        RandomStream random{1, 0, RandomPurpose::model};
        std::vector<Candidate> candidates;
        made.draw(24, random, candidates);
        EXPECT_EQ(candidates.size() == 24, !axis.discrete()) << "each discrete value once";
        double before = 1e9;
        for (const Candidate& candidate : candidates) {
            EXPECT_LE(candidate.score, before);
            before = candidate.score;
            const double x = axis.coordinate(candidate.value);
            const double ratio = axis.discrete() ? made.good().cell_sum(axis.cell(candidate.value)) /
                                                       made.bad().cell_sum(axis.cell(candidate.value))
                                                 : made.good().kernel_sum(x) / made.bad().kernel_sum(x);
            EXPECT_NEAR(candidate.score, std::log(ratio), 1e-9);
        }
        EXPECT_LT(axis.coordinate(candidates.front().value), 0.3);
    }
}

TEST(UnivariateParzenTest, DrawsFromThePriorWhenNothingIsKnown) {
    const space::SamplingMethod method = space::Normal{5, 2};
    const Axis axis{method};
    const UnivariateParzen made = estimator(axis, {});
    RandomStream random{1, 0, RandomPurpose::model};
    std::vector<Candidate> candidates;
    made.draw(2000, random, candidates);
    double sum = 0;
    for (const Candidate& candidate : candidates) {
        EXPECT_DOUBLE_EQ(candidate.score, 0.0);
        sum += std::get<double>(candidate.value);
    }
    EXPECT_NEAR(sum / 2000, 5, 4 * 2 / std::sqrt(2000));
}

TEST(UnivariateParzenTest, StaysFiniteOnDegenerateData) {
    const std::vector<space::SamplingMethod> methods{
        space::Uniform{-1e308, 1e308}, space::LogUniform{1e-300, 1e300, 10}, space::Normal{0, 1e-300},
        space::QUniform{0, 1, 0.5},    space::QLogNormal{0, 1, 10, 1},       space::UniformInt{0, 1},
        space::Categorical{{"a", "b"}}};
    for (const space::SamplingMethod& method : methods) {
        const Axis axis{method};
        for (const double far : {0.0, 1.0, 60.0}) {
            const double at = axis.categorical() ? std::min(far, 1.0) : far;
            // All equal, the good ones and the others at the same place or far away.
            const UnivariateParzen made =
                estimator(axis, {std::vector<double>{at, at, at, 0, 0},
                                 {Side::below, Side::below, Side::above, Side::above, Side::below},
                                 {}});
            RandomStream random{1, 0, RandomPurpose::model};
            std::vector<Candidate> candidates;
            made.draw(50, random, candidates);
            ASSERT_FALSE(candidates.empty());
            for (const Candidate& candidate : candidates) {
                EXPECT_TRUE(std::isfinite(candidate.score));
                EXPECT_TRUE(std::isfinite(axis.coordinate(candidate.value)));
            }
        }
    }
}

}  // namespace
}  // namespace hpogrid::optimizers
