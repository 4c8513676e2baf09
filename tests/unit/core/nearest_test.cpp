#include "engine/core/nearest.hpp"

#include <gtest/gtest.h>

#include <array>
#include <string>
#include <string_view>

namespace hpogrid {
namespace {

constexpr std::array<std::string_view, 4> methods{"uniform", "uniformint", "normal", "lognormal"};

TEST(Nearest, FindsAWordWithOneLetterWrongMissingOrTooMany) {
    EXPECT_EQ(nearest("uniforn", methods), "uniform");
    EXPECT_EQ(nearest("unifrm", methods), "uniform");
    EXPECT_EQ(nearest("uniformm", methods), "uniform");
    EXPECT_EQ(nearest("uniform", methods), "uniform");
}

TEST(Nearest, CountsSwappedNeighboursAsOneMistake) {
    constexpr std::array<std::string_view, 1> words{"lr"};
    EXPECT_EQ(nearest("rl", words), "lr");
}

TEST(Nearest, PrefersTheSmallerDistance) {
    EXPECT_EQ(nearest("uniformin", methods), "uniformint");
    EXPECT_EQ(nearest("lognorml", methods), "lognormal");
}

TEST(Nearest, FindsNothingWhenAllAreTooFar) {
    EXPECT_EQ(nearest("categorical", methods), std::nullopt);
    EXPECT_EQ(nearest("", methods), std::nullopt);
    EXPECT_EQ(nearest("uniform", {}), std::nullopt);
}

TEST(Nearest, GivesUpOnVeryLongWords) {
    const std::string written(100'000, 'u');
    EXPECT_EQ(nearest(written, methods), std::nullopt);
}

TEST(DidYouMean, AsksOnlyWhenThereIsSomethingToAsk) {
    EXPECT_EQ(did_you_mean("nromal", methods), " (did you mean 'normal'?)");
    EXPECT_EQ(did_you_mean("xyz", methods), "");
}

TEST(JoinNames, PutsCommasBetween) {
    EXPECT_EQ(join_names(methods), "uniform, uniformint, normal, lognormal");
    EXPECT_EQ(join_names({}), "");
}

}  // namespace
}  // namespace hpogrid
