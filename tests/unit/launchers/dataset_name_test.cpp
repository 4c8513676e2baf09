#include "launchers/panda/dataset_name.hpp"

#include "tests/unit/config/refusal.hpp"

#include <gmock/gmock.h>

namespace hpogrid::launchers {
namespace {

using config::refusal;
using testing::HasSubstr;
using testing::MatchesRegex;

const DatasetContext context{.account = "me", .project = "mnist", .time = 86'400};

TEST(ExpandDataset, FillsInTheSeedsDefault) {
    EXPECT_THAT(expand_dataset("user.${RUCIO_ACCOUNT}.hpogrid.{HPO_PROJECT_NAME}.out.$(date +%Y%m%d%H%M%S)", context),
                MatchesRegex("user\\.me\\.hpogrid\\.mnist\\.out\\.197001[0-9]{8}"));
    EXPECT_EQ(expand_dataset("user.${{RUCIO_ACCOUNT}}.x", context), "user.me.x");
    EXPECT_EQ(expand_dataset("user.$RUCIO_ACCOUNT.x", context), "user.me.x");
}

TEST(ExpandDataset, ExpandsNothingElse) {
    for (const char* pattern :
         {"user.me.$(id)", "user.me.`id`", "user.me.$HOME", "user.me.$(date)", "user.me.$(date +%Y", "user.me.a b",
          "user.me.a/b", "me.x", "user.me.{X}", "user.me.'"}) {
        EXPECT_THAT(refusal([&] { return expand_dataset(pattern, context); }), HasSubstr("allowed: user.<account>"))
            << pattern;
    }
}

TEST(ExpandDataset, KeepsToTheLengthThatPandaAllows) {
    EXPECT_EQ(expand_dataset("user.me." + std::string(123, 'x'), context).size(), 131U);
    EXPECT_THAT(refusal([] { return expand_dataset("user.me." + std::string(124, 'x'), context); }),
                HasSubstr("at most 131"));
}

TEST(ExpandDataset, SaysThatTheAccountIsMissing) {
    EXPECT_THAT(
        refusal([] { return expand_dataset("user.${RUCIO_ACCOUNT}.x", {.account = "", .project = "p", .time = 0}); }),
        HasSubstr("needs RUCIO_ACCOUNT, which is not set"));
}

}  // namespace
}  // namespace hpogrid::launchers
