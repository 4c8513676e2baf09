#include "engine/optimizers/evolution/coordinate_mutation.hpp"

#include "tests/unit/optimizers/evolution/strategy_driver.hpp"

#include <gtest/gtest.h>

#include <array>

namespace hpogrid::optimizers {
namespace {

using Amount = CoordinateMutation::Amount;
constexpr std::array amounts{Amount::discrete,    Amount::portfolio,  Amount::fast,
                             Amount::double_fast, Amount::decreasing, Amount::lengler};

space::Space categories(std::size_t dimensions) {
    std::vector<space::Parameter> parameters;
    for (std::size_t i = 0; i < dimensions; ++i) {
        parameters.push_back({"c" + std::to_string(i), space::Categorical{{1, 2, 3}}, {}});
    }
    return space::Space{std::move(parameters)};
}

TEST(CoordinateMutation, FindsTheRightCategories) {
    const space::Space space = categories(8);
    const auto wrong = [](std::span<const double> unit) {
        return static_cast<double>(std::ranges::count_if(unit, [](double u) { return category_at(u, 3) != 2; }));
    };
    for (const Amount amount : amounts) {
        CoordinateMutation strategy{cube_dimensions(space), {amount, 400}};
        EXPECT_EQ(best_of(strategy, wrong, 400), 0.0) << static_cast<int>(amount);
    }
}

TEST(CoordinateMutation, ChangesAsManyAsItsVariantSays) {
    const space::Space space = categories(10);
    const auto mean = [&](Amount amount, std::uint32_t index) {
        const CoordinateMutation strategy{cube_dimensions(space), {amount, 100}};
        double sum = 0.0;
        RandomStream random{1, 0, RandomPurpose::model};
        for (int i = 0; i < 20'000; ++i) {
            sum += strategy.amount(index, random);
        }
        return sum / 20'000;
    };
    EXPECT_EQ(mean(Amount::discrete, 7), 1.0);
    EXPECT_NEAR(mean(Amount::portfolio, 7), 5.0, 0.05);
    EXPECT_EQ(mean(Amount::decreasing, 9), 9.0);
    EXPECT_EQ(mean(Amount::decreasing, 99), 1.0);
    EXPECT_EQ(mean(Amount::lengler, 9), 3.0) << "10 · 1.54468 · ln 10 / 10";
    EXPECT_GT(mean(Amount::double_fast, 7), mean(Amount::fast, 7));
}

TEST(CoordinateMutation, AlwaysChangesSomething) {
    const space::Space space = categories(5);
    for (const Amount amount : amounts) {
        CoordinateMutation strategy{cube_dimensions(space), {amount, 100}};
        RandomStream random{1, 0, RandomPurpose::model};
        const Candidate first = strategy.ask(0, 0, random);
        strategy.tell(first, 0.0);
        for (std::uint32_t index = 1; index < 300; ++index) {
            EXPECT_NE(strategy.ask(index, 0, random).unit, first.unit);
        }
    }
}

}  // namespace
}  // namespace hpogrid::optimizers
