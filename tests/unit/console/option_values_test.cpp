#include "engine/console/option_values.hpp"

#include <gtest/gtest.h>

#include <CLI/CLI.hpp>

namespace hpogrid::console {
namespace {

/// What a value that is refused is told.
std::string refusal(const CLI::Validator& validator, std::string text) {
    return validator(text);
}

TEST(OptionValuesTest, TakeWholeNumbersOfARange) {
    for (const char* text : {"1", "10", "007"}) {
        EXPECT_EQ(refusal(whole_number(1, 10), text), "") << text;
    }
    for (const char* text :
         {"0", "11", "-1", "+1", "1.0", "1e1", " 1", "1 ", "1x", "", "nan", "99999999999999999999"}) {
        EXPECT_EQ(refusal(whole_number(1, 10), text),
                  "'" + std::string{text} + "' is not allowed, allowed: an integer from 1 to 10");
    }
    EXPECT_EQ(refusal(whole_number(0, UINT64_MAX), "18446744073709551615"), "");
}

TEST(OptionValuesTest, TakeFiniteNumbersOnly) {
    for (const char* text : {"0", "-1.5", "1e-3", ".5", "1E300"}) {
        EXPECT_EQ(refusal(number(), text), "") << text;
    }
    for (const char* text :
         {"nan", "NaN", "inf", "-inf", "infinity", "1e999", "0x10", "+1", " 1", "1,5", "1_000", ""}) {
        EXPECT_EQ(refusal(number(), text), "'" + std::string{text} + "' is not allowed, allowed: a number");
    }
}

TEST(OptionValuesTest, TakeNumbersOfARange) {
    EXPECT_EQ(refusal(number(0.1, 3600), "0.1"), "");
    for (const char* text : {"0", "3601", "nan", "inf"}) {
        EXPECT_EQ(refusal(number(0.1, 3600), text),
                  "'" + std::string{text} + "' is not allowed, allowed: a number from 0.1 to 3600");
    }
}

TEST(OptionValuesTest, TakeSecondsAboveZero) {
    EXPECT_EQ(refusal(positive_seconds(), "0.5"), "");
    for (const char* text : {"0", "-1", "nan", "inf"}) {
        EXPECT_EQ(refusal(positive_seconds(), text),
                  "'" + std::string{text} + "' is not allowed, allowed: a number of seconds above 0");
    }
}

TEST(OptionValuesTest, NameTheNearestWord) {
    EXPECT_EQ(refusal(one_of({"panda", "slurm"}), "slurm"), "");
    EXPECT_EQ(refusal(one_of({"panda", "slurm"}), "slrum"),
              "'slrum' is not allowed (did you mean 'slurm'?), allowed: panda, slurm");
}

TEST(OptionValuesTest, SayNothingOfThemselvesInAHelp) {
    for (const CLI::Validator& validator : {whole_number(1, 2), number(), one_of({"a"})}) {
        EXPECT_EQ(validator.get_description(), "");
    }
}

}  // namespace
}  // namespace hpogrid::console
