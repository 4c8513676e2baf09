#include "engine/space/validation.hpp"

#include "tests/unit/space/method_examples.hpp"
#include "tests/unit/space/refusal.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <string>

namespace hpogrid::space {
namespace {

std::string verdict(const SamplingMethod& method) {
    return refusal([&] { check({.name = "x", .method = method, .conditions = {}}); });
}

TEST(Check, AcceptsEveryExample) {
    for (const auto& examples : {discrete_examples(), real_examples(), extreme_examples()}) {
        for (const MethodExample& example : examples) {
            EXPECT_EQ(verdict(example.method), "accepted") << example.name;
        }
    }
}

TEST(Check, RefusesARangeThatIsEmptyOrUpsideDown) {
    EXPECT_EQ(verdict(Uniform{5, 3}), "dimension 'low' is 5 (not below 'high' = 3), allowed: low < high");
    EXPECT_NE(verdict(Uniform{3, 3}), "accepted");
    EXPECT_NE(verdict(QUniform{3, 3, 1}), "accepted");
    EXPECT_NE(verdict(LogUniform{3, 3, 10}), "accepted");
    EXPECT_NE(verdict(QLogUniform{4, 3, 10, 1}), "accepted");
}

TEST(Check, AcceptsOneIntegerButNoUpsideDownRange) {
    EXPECT_EQ(verdict(UniformInt{3, 3}), "accepted");
    EXPECT_EQ(verdict(UniformInt{4, 3}), "dimension 'low' is 4 (above 'high' = 3), allowed: low < high, or both equal");
}

TEST(Check, RefusesStepsThatAreNotPositive) {
    EXPECT_EQ(verdict(QUniform{0, 1, 0}), "dimension 'q' is 0, allowed: a number above 0");
    EXPECT_NE(verdict(QLogUniform{1, 2, 10, -1}), "accepted");
    EXPECT_NE(verdict(QNormal{0, 1, 0}), "accepted");
    EXPECT_NE(verdict(QLogNormal{0, 1, 10, -0.5}), "accepted");
}

TEST(Check, RefusesLogarithmsOfNumbersThatAreNotPositive) {
    EXPECT_EQ(verdict(LogUniform{0, 1, 10}), "dimension 'low' is 0, allowed: a number above 0");
    EXPECT_NE(verdict(QLogUniform{-1, 1, 10, 1}), "accepted");
}

TEST(Check, RefusesDeviationsThatAreNotPositive) {
    EXPECT_EQ(verdict(Normal{0, 0}), "dimension 'sigma' is 0, allowed: a number above 0");
    EXPECT_NE(verdict(QNormal{0, -1, 1}), "accepted");
    EXPECT_NE(verdict(LogNormal{0, 0, 10}), "accepted");
    EXPECT_NE(verdict(QLogNormal{0, -1, 10, 1}), "accepted");
}

TEST(Check, RefusesBasesWithoutALogarithm) {
    EXPECT_EQ(verdict(LogNormal{0, 1, 1}), "dimension 'base' is 1, allowed: a number above 0 other than 1");
    EXPECT_NE(verdict(LogUniform{1, 2, 0}), "accepted");
    EXPECT_NE(verdict(QLogUniform{1, 2, -10, 1}), "accepted");
    EXPECT_NE(verdict(QLogNormal{0, 1, 1, 1}), "accepted");
}

TEST(Check, RefusesNumbersThatAreNotFinite) {
    constexpr double infinity = std::numeric_limits<double>::infinity();
    EXPECT_EQ(verdict(Uniform{0, infinity}), "dimension 'high' is inf, allowed: a finite number");
    EXPECT_NE(verdict(Uniform{-infinity, 0}), "accepted");
    EXPECT_NE(verdict(Normal{std::nan(""), 1}), "accepted");
    EXPECT_NE(verdict(QUniform{0, 1, infinity}), "accepted");
}

TEST(Check, RefusesCategoriesThatAreMissingOrTheSame) {
    EXPECT_EQ(verdict(Categorical{}), "dimension 'categories' is empty, allowed: a list of one or more values");
    EXPECT_EQ(verdict(Categorical{{"a", 1, "a"}}),
              "dimension 'categories' holds \"a\" twice, allowed: different values");
    EXPECT_NE(verdict(Categorical{{1, 1.0}}), "accepted");
    EXPECT_EQ(verdict(Categorical{{1, true, "1", nullptr, {1}}}), "accepted");
}

}  // namespace
}  // namespace hpogrid::space
