#include "engine/space/quantile.hpp"

#include "engine/core/random.hpp"
#include "tests/unit/space/method_examples.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <iterator>
#include <limits>
#include <set>
#include <vector>

namespace hpogrid::space {
namespace {

/// Both ends, their neighbours, and random places; ascending.
std::vector<double> places(std::size_t count) {
    std::vector<double> all{
        0.0, std::numeric_limits<double>::denorm_min(), 0x1.0p-53, 0x1.0p-32, 0.5, 1.0 - 0x1.0p-32, 1.0 - 0x1.0p-53,
        1.0};
    RandomStream stream{1, 0, RandomPurpose::simulation};
    while (all.size() < count) {
        all.push_back(stream.uniform());
    }
    std::ranges::sort(all);
    return all;
}

double number(const Value& value) {
    if (const auto* integer = std::get_if<std::int64_t>(&value)) {
        return static_cast<double>(*integer);
    }
    const auto* category = std::get_if<Category>(&value);
    return category != nullptr ? category->index : std::get<double>(value);
}

std::vector<MethodExample> all_examples() {
    auto all = discrete_examples();
    std::ranges::copy(real_examples(), std::back_inserter(all));
    std::ranges::copy(extreme_examples(), std::back_inserter(all));
    return all;
}

/// Those with values few enough to go through them.
std::vector<MethodExample> listed_examples() {
    auto listed = discrete_examples();
    std::erase_if(listed,
                  [](const MethodExample& example) { return cardinality(example.method).value_or(1000) >= 1000; });
    return listed;
}

class EveryMethod : public testing::TestWithParam<MethodExample> {};
class DiscreteMethod : public testing::TestWithParam<MethodExample> {};
class ListedMethod : public testing::TestWithParam<MethodExample> {};
class RealMethod : public testing::TestWithParam<MethodExample> {};

const auto name_of = [](const auto& info) { return info.param.name; };
INSTANTIATE_TEST_SUITE_P(Examples, EveryMethod, testing::ValuesIn(all_examples()), name_of);
INSTANTIATE_TEST_SUITE_P(Examples, DiscreteMethod, testing::ValuesIn(discrete_examples()), name_of);
INSTANTIATE_TEST_SUITE_P(Examples, ListedMethod, testing::ValuesIn(listed_examples()), name_of);
INSTANTIATE_TEST_SUITE_P(Examples, RealMethod, testing::ValuesIn(real_examples()), name_of);

TEST_P(EveryMethod, IsMonotone) {
    double before = -std::numeric_limits<double>::infinity();
    for (const double place : places(5000)) {
        const double now = number(quantile(GetParam().method, place));
        EXPECT_GE(now, before) << place;
        before = now;
    }
}

TEST_P(EveryMethod, GivesFiniteValuesWithoutMinusZero) {
    for (const double place : places(5000)) {
        const double value = number(quantile(GetParam().method, place));
        ASSERT_TRUE(std::isfinite(value)) << place;
        ASSERT_FALSE(value == 0 && std::signbit(value)) << place;
    }
}

TEST_P(EveryMethod, ContainsWhatItGives) {
    for (const double place : places(5000)) {
        const Value value = quantile(GetParam().method, place);
        ASSERT_TRUE(contains(GetParam().method, value)) << place << ": " << number(value);
        ASSERT_EQ(canonical(GetParam().method, value), value) << place << ": " << number(value);
    }
}

TEST_P(EveryMethod, DoesNotContainOtherKindsOfValues) {
    EXPECT_FALSE(contains(GetParam().method, Inactive{}));
    EXPECT_FALSE(contains(GetParam().method, std::nan("")));
    EXPECT_FALSE(contains(GetParam().method, std::numeric_limits<double>::infinity()));
    EXPECT_FALSE(contains(GetParam().method, Category{1000}));
}

TEST_P(EveryMethod, PlacesValuesInsideTheUnitInterval) {
    for (const double place : places(5000)) {
        const double back = unit_of(GetParam().method, quantile(GetParam().method, place));
        ASSERT_GE(back, 0.0);
        ASSERT_LE(back, 1.0);
    }
}

TEST_P(DiscreteMethod, ComesBackToTheSameValue) {
    for (const double place : places(5000)) {
        const Value value = quantile(GetParam().method, place);
        // Far in the tails of a normal the values lie closer than the numbers next to 1.
        const bool tail = place > 1.0 - 0x1.0p-40 || place < 0x1.0p-40;
        if (cardinality(GetParam().method) || !tail) {
            ASSERT_EQ(quantile(GetParam().method, unit_of(GetParam().method, value)), value) << place;
        }
    }
}

TEST_P(RealMethod, ComesBackToTheSamePlace) {
    for (const double place : places(5000)) {
        const double inside = std::clamp(place, 0x1.0p-53, 1.0 - 0x1.0p-53);
        EXPECT_NEAR(unit_of(GetParam().method, quantile(GetParam().method, place)), inside, 1e-9) << place;
    }
}

TEST_P(RealMethod, ComesBackToNearlyTheSameValue) {
    for (const double place : places(5000)) {
        if (place < 1e-6 || place > 1 - 1e-6) {
            continue;
        }
        const double value = number(quantile(GetParam().method, place));
        const double again = number(quantile(GetParam().method, unit_of(GetParam().method, value)));
        EXPECT_NEAR(again, value, 1e-8 * std::max(1e-12, std::abs(value)) + 1e-14) << place;
    }
}

TEST_P(ListedMethod, CountsAndListsItsValuesInOrder) {
    const std::uint64_t count = cardinality(GetParam().method).value();
    std::vector<Value> listed;
    for (std::uint64_t i = 0; i < count; ++i) {
        const Value value = nth_value(GetParam().method, i);
        EXPECT_TRUE(contains(GetParam().method, value));
        EXPECT_EQ(quantile(GetParam().method, unit_of(GetParam().method, value)), value) << number(value);
        listed.push_back(value);
    }
    EXPECT_TRUE(std::ranges::is_sorted(listed));
    EXPECT_EQ(std::ranges::adjacent_find(listed), listed.end());
    for (const double place : places(2000)) {
        EXPECT_TRUE(std::ranges::binary_search(listed, quantile(GetParam().method, place))) << place;
    }
}

TEST(Quantile, ReachesBothEndsOfBoundedRanges) {
    EXPECT_EQ(quantile(Uniform{-0.1, 0.3}, 0), Value{-0.1});
    EXPECT_EQ(quantile(Uniform{-0.1, 0.3}, 1), Value{0.3});
    EXPECT_EQ(quantile(LogUniform{1e-5, 0.3, 10}, 0), Value{1e-5});
    EXPECT_EQ(quantile(LogUniform{1e-5, 0.3, 10}, 1), Value{0.3});
    EXPECT_EQ(quantile(UniformInt{3, 10}, 0), Value{std::int64_t{3}});
    EXPECT_EQ(quantile(UniformInt{3, 10}, 1), Value{std::int64_t{10}});
    EXPECT_EQ(quantile(Categorical{{"a", "b"}}, 1), Value{Category{1}});
}

TEST(Quantile, ReachesBothEndsOfAllIntegers) {
    using Limits = std::numeric_limits<std::int64_t>;
    const UniformInt all{Limits::min(), Limits::max()};
    EXPECT_EQ(quantile(all, 0), Value{Limits::min()});
    EXPECT_EQ(quantile(all, 1), Value{Limits::max()});
    EXPECT_NEAR(unit_of(all, std::int64_t{0}), 0.5, 1e-15);
    EXPECT_FALSE(cardinality(all).has_value());
}

TEST(Quantile, OfHugeIntegerRangesComesBackToWhatItGave) {
    RandomStream stream{2, 0, RandomPurpose::simulation};
    for (const MethodExample& example : extreme_examples()) {
        if (!std::holds_alternative<UniformInt>(example.method)) {
            continue;
        }
        for (int i = 0; i < 20'000; ++i) {
            const Value value = quantile(example.method, stream.uniform());
            ASSERT_EQ(quantile(example.method, unit_of(example.method, value)), value) << number(value);
        }
    }
}

TEST(Quantile, RoundsToMultiplesAsTheSeedDoes) {
    // round(uniform(0.3, 9.7) / 2) · 2, which may leave [low, high].
    const QUniform method{0.3, 9.7, 2};
    std::set<double> seen;
    for (const double place : places(2000)) {
        seen.insert(number(quantile(method, place)));
    }
    EXPECT_EQ(seen, (std::set<double>{0, 2, 4, 6, 8, 10}));
}

TEST(Quantile, OfLogarithmicRangesTakesValuesNotExponents) {
    EXPECT_NEAR(number(quantile(LogUniform{1e-5, 1e-1, 10}, 0.5)), 1e-3, 1e-12);
    EXPECT_NEAR(number(quantile(LogUniform{1e-5, 1e-1, 2}, 0.5)), 1e-3, 1e-12);
}

TEST(Quantile, OfLogNormalRaisesTheBase) {
    EXPECT_NEAR(number(quantile(LogNormal{-3, 1, 10}, 0.5)), 1e-3, 1e-15);
    EXPECT_NEAR(number(quantile(LogNormal{3, 1, 2}, 0.5)), 8, 1e-12);
}

TEST(Contains, AcceptsMultiplesOnlyAndWithinTheEdges) {
    const QUniform method{0.3, 9.7, 2};
    for (const double inside : {0.0, 2.0, 10.0}) {
        EXPECT_TRUE(contains(method, inside)) << inside;
    }
    for (const double outside : {-2.0, 12.0, 1.0, 2.5}) {
        EXPECT_FALSE(contains(method, outside)) << outside;
    }
}

TEST(Contains, ForgivesRoundingOfDecimalsButNoHalfSteps) {
    const QUniform tenths{0, 1e6, 0.1};
    EXPECT_TRUE(contains(tenths, 0.3));
    EXPECT_TRUE(contains(tenths, 123456.7));
    EXPECT_FALSE(contains(tenths, 123456.75));
    EXPECT_EQ(canonical(tenths, 0.3), Value{3 * 0.1});
    EXPECT_FALSE(contains(QUniform{0, 1e12, 1}, 1e9 + 0.5));
}

TEST(Contains, RefusesWhatLiesOutside) {
    EXPECT_FALSE(contains(Uniform{0, 1}, 1.0000001));
    EXPECT_FALSE(contains(LogUniform{0.1, 1, 10}, 0.09));
    EXPECT_FALSE(contains(UniformInt{0, 3}, std::int64_t{4}));
    EXPECT_FALSE(contains(LogNormal{0, 1, 10}, 0.0));
    EXPECT_FALSE(contains(QLogNormal{0, 1, 10, 2}, -2.0));
    EXPECT_TRUE(contains(QLogNormal{0, 1, 10, 2}, 0.0));
    EXPECT_TRUE(contains(Normal{0, 1}, -1e300));
    EXPECT_TRUE(contains(QNormal{0, 1, 0.5}, -1e6));
}

TEST(AllowedValues, SayWhatMayBeWritten) {
    EXPECT_EQ(allowed_values(Categorical{{16, "x"}}), "one of [16,\"x\"]");
    EXPECT_EQ(allowed_values(Fixed{"x"}), "only \"x\"");
    EXPECT_EQ(allowed_values(Uniform{0, 1}), "a number from 0 to 1");
    EXPECT_EQ(allowed_values(UniformInt{-1, 5}), "a whole number from -1 to 5");
    EXPECT_EQ(allowed_values(QUniform{0, 1, 0.25}), "a multiple of 0.25 from 0 to 1");
}

}  // namespace
}  // namespace hpogrid::space
