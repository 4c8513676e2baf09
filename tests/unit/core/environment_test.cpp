#include "engine/core/environment.hpp"

#include <gtest/gtest.h>

#include <cstdlib>

namespace hpogrid {
namespace {

TEST(EnvironmentTest, AnswersTheValueOrWhatIsGivenInItsPlace) {
    ::setenv("HPOGRID_TEST_VARIABLE", "value", 1);
    EXPECT_EQ(environment_variable("HPOGRID_TEST_VARIABLE", "other"), "value");
    ::setenv("HPOGRID_TEST_VARIABLE", "", 1);
    EXPECT_EQ(environment_variable("HPOGRID_TEST_VARIABLE", "other"), "other");
    ::unsetenv("HPOGRID_TEST_VARIABLE");
    EXPECT_EQ(environment_variable("HPOGRID_TEST_VARIABLE", "other"), "other");
    EXPECT_EQ(environment_variable("HPOGRID_TEST_VARIABLE"), "");
}

}  // namespace
}  // namespace hpogrid
