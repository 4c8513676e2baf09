#include "engine/optimizers/parzen/good_bad_kernel_densities.hpp"

#include "engine/space/quantile.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <numeric>
#include <vector>

namespace hpogrid::optimizers {
namespace {

std::vector<DensityCandidate> all_of(RankedCandidates ranked) {
    std::vector<DensityCandidate> all;
    while (auto candidate = ranked.next()) {
        all.push_back(std::move(*candidate));
    }
    return all;
}

std::vector<std::uint32_t> numbers(std::uint32_t first, std::uint32_t count) {
    std::vector<std::uint32_t> all(count);
    std::iota(all.begin(), all.end(), first);
    return all;
}

TEST(GoodBadKernelDensitiesTest, PrefersWhereOnlyGoodTrialsAre) {
    const space::Space space{{{"x", space::Uniform{0, 1}, {}}, {"c", space::Categorical{{"a", "b", "c"}}, {}}}};
    ObservedAxes axes{space, Axis::EndCells::whole};
    for (std::uint32_t trial = 0; trial < 20; ++trial) {
        const double x = trial < 10 ? 0.02 * trial : 0.6 + 0.02 * trial;
        axes.set(trial, {x, space::Category{trial < 10 ? 1U : 2U}});
    }
    GoodBadKernelDensities densities{axes, 1e-3, 1};
    densities.fit(numbers(0, 10), numbers(10, 10));
    RandomStream random{1, 0, RandomPurpose::model};
    const auto candidates = all_of(densities.draw(64, 3.0, random));
    ASSERT_EQ(candidates.size(), 64U);
    for (std::size_t i = 1; i < candidates.size(); ++i) {
        EXPECT_GE(candidates[i - 1].score, candidates[i].score);
    }
    EXPECT_LT(std::get<double>(candidates.front().values[0]), 0.3);
    EXPECT_EQ(candidates.front().values[1], space::Value{space::Category{1}});
}

TEST(GoodBadKernelDensitiesTest, FillsInWhatConditionsLeaveOutAlwaysTheSame) {
    const space::Space space{{{"c", space::Categorical{{"a", "b"}}, {}},
                              {"x", space::Uniform{0, 1}, {{"c", {"a"}}}},
                              {"y", space::UniformInt{1, 9}, {{"c", {"b"}}}}}};
    ObservedAxes axes{space, Axis::EndCells::whole};
    RandomStream draws{2, 0, RandomPurpose::simulation};
    for (std::uint32_t trial = 0; trial < 20; ++trial) {
        axes.set(trial, space.decode(std::vector{draws.uniform(), draws.uniform(), draws.uniform()}));
    }
    GoodBadKernelDensities one{axes, 1e-3, 1};
    GoodBadKernelDensities other{axes, 1e-3, 1};
    one.fit(numbers(0, 2), numbers(2, 2));
    one.fit(numbers(0, 8), numbers(8, 12));
    other.fit(numbers(0, 8), numbers(8, 12));
    RandomStream random{1, 0, RandomPurpose::model};
    RandomStream again{1, 0, RandomPurpose::model};
    const auto candidates = all_of(one.draw(64, 3.0, random));
    const auto same = all_of(other.draw(64, 3.0, again));
    for (std::size_t i = 0; i < candidates.size(); ++i) {
        EXPECT_EQ(candidates[i].values, same[i].values);
        EXPECT_TRUE(std::isfinite(candidates[i].score));
        for (std::size_t axis = 0; axis < axes.size(); ++axis) {
            EXPECT_TRUE(space::contains(space.parameters()[axis].method, candidates[i].values[axis]));
        }
    }
}

TEST(GoodBadKernelDensitiesTest, FillsInFromTheDistributionWhatNoTrialHas) {
    const space::Space space{{{"c", space::Categorical{{"a", "b"}}, {}}, {"x", space::Normal{0, 1}, {{"c", {"a"}}}}}};
    ObservedAxes axes{space, Axis::EndCells::whole};
    for (std::uint32_t trial = 0; trial < 8; ++trial) {
        axes.set(trial, {space::Category{1}, space::Inactive{}});
    }
    GoodBadKernelDensities densities{axes, 1e-3, 1};
    densities.fit(numbers(0, 4), numbers(4, 4));
    RandomStream random{1, 0, RandomPurpose::model};
    for (const DensityCandidate& candidate : all_of(densities.draw(64, 3.0, random))) {
        EXPECT_TRUE(std::isfinite(candidate.score));
        EXPECT_TRUE(std::isfinite(std::get<double>(candidate.values[1])));
    }
}

}  // namespace
}  // namespace hpogrid::optimizers
