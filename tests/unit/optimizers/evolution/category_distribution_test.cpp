#include "engine/optimizers/evolution/category_distribution.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <array>

namespace hpogrid::optimizers {
namespace {

using Choice = CategoryDistribution::Choice;
constexpr std::array weights{0.6, 0.3, 0.1, 0.0, 0.0, 0.0};

/// One generation in which `cost` says what is good.
template <typename Cost>
void generation(CategoryDistribution& distribution, RandomStream& random, Cost cost) {
    std::vector<Choice> choices(weights.size());
    for (Choice& choice : choices) {
        for (std::size_t parameter = 0; parameter < distribution.parameters(); ++parameter) {
            choice.emplace_back(distribution.sample(parameter, random));
        }
    }
    std::ranges::stable_sort(choices, {}, cost);
    distribution.update(weights, choices);
}

void expect_probabilities(const CategoryDistribution& distribution, std::span<const std::size_t> sizes) {
    for (std::size_t parameter = 0; parameter < sizes.size(); ++parameter) {
        double sum = 0.0;
        for (std::size_t category = 0; category < sizes[parameter]; ++category) {
            EXPECT_GE(distribution.probability(parameter, category), distribution.margin(parameter) * (1 - 1e-9));
            sum += distribution.probability(parameter, category);
        }
        EXPECT_NEAR(sum, 1.0, 1e-12);
    }
}

TEST(CategoryDistribution, StartsUniformAndDrawsAsItSays) {
    const CategoryDistribution distribution{{4}};
    RandomStream random{1, 0, RandomPurpose::model};
    std::array<int, 4> counts{};
    for (int i = 0; i < 40'000; ++i) {
        ++counts.at(distribution.sample(0, random));
    }
    for (const int count : counts) {
        EXPECT_NEAR(count, 10'000, 500);
    }
}

TEST(CategoryDistribution, FindsTheBestCategories) {
    const std::array<std::size_t, 3> sizes{5, 2, 8};
    CategoryDistribution distribution{{sizes.begin(), sizes.end()}};
    RandomStream random{2, 0, RandomPurpose::model};
    for (int i = 0; i < 100; ++i) {
        generation(distribution, random, [](const Choice& choice) {
            return (*choice[0] == 3 ? 0 : 1) + (*choice[1] == 0 ? 0 : 1) + (*choice[2] == 7 ? 0 : 1);
        });
    }
    EXPECT_GT(distribution.probability(0, 3), 0.8);
    EXPECT_GT(distribution.probability(1, 0), 0.8);
    EXPECT_GT(distribution.probability(2, 7), 0.8);
    expect_probabilities(distribution, sizes);
}

TEST(CategoryDistribution, ChangesItsMind) {
    CategoryDistribution distribution{{3}};
    RandomStream random{3, 0, RandomPurpose::model};
    for (const std::size_t best : {0, 2}) {
        for (int i = 0; i < 100; ++i) {
            generation(distribution, random, [best](const Choice& choice) { return *choice[0] == best ? 0 : 1; });
        }
        EXPECT_GT(distribution.probability(0, best), 0.6);
    }
}

TEST(CategoryDistribution, KeepsItsMarginWhateverItIsTold) {
    const std::array<std::size_t, 4> sizes{2, 3, 40, 1};
    CategoryDistribution distribution{{sizes.begin(), sizes.end()}};
    for (int i = 0; i < 200; ++i) {
        const std::vector<Choice> same(weights.size(), Choice{1, 2, 39, 0});
        distribution.update(weights, same);
        expect_probabilities(distribution, sizes);
    }
}

TEST(CategoryDistribution, IsNotMovedByInactiveParameters) {
    CategoryDistribution distribution{{3, 3}};
    for (int i = 0; i < 20; ++i) {
        const std::vector<Choice> choices(weights.size(), Choice{1, std::nullopt});
        distribution.update(weights, choices);
    }
    EXPECT_GT(distribution.probability(0, 1), 0.5);
    for (std::size_t category = 0; category < 3; ++category) {
        EXPECT_NEAR(distribution.probability(1, category), 1.0 / 3, 1e-12);
    }
}

}  // namespace
}  // namespace hpogrid::optimizers
