#include "engine/config/describe.hpp"

#include <gmock/gmock.h>

#include <cstdlib>
#include <fstream>
#include <sstream>
#include <string>
#include <vector>

namespace hpogrid::config {
namespace {

std::vector<std::string> lines(std::istream&& stream) {
    std::vector<std::string> result;
    for (std::string line; std::getline(stream, line);) {
        result.push_back(line);
    }
    return result;
}

// HPOGRID_UPDATE=1 in the environment writes the page anew.
TEST(Reference, IsInStepWithTheParser) {
    if (std::getenv("HPOGRID_UPDATE") != nullptr) {
        std::ofstream{HPOGRID_CONFIG_REFERENCE} << describe_configuration();
    }
    constexpr auto advice = "run HPOGRID_UPDATE=1 test_config --gtest_filter=Reference.*";
    const auto page = lines(std::ifstream{HPOGRID_CONFIG_REFERENCE});
    const auto described = lines(std::istringstream{describe_configuration()});
    ASSERT_EQ(page.size(), described.size()) << advice;
    for (std::size_t i = 0; i < page.size(); ++i) {
        ASSERT_EQ(page[i], described[i]) << advice;
    }
}

TEST(Reference, NamesKeysDefaultsAndAlgorithms) {
    const std::string text = describe_configuration();
    EXPECT_THAT(text, testing::HasSubstr("| `num_trials` | an integer from 1 to 1000000000, or -1 | `100` |"));
    EXPECT_THAT(text, testing::HasSubstr("| `resource.gpu` |"));
    EXPECT_THAT(text, testing::HasSubstr("| `random` |"));
    EXPECT_THAT(text, testing::HasSubstr("| `asynchyperband` |"));
}

}  // namespace
}  // namespace hpogrid::config
