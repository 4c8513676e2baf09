#include "launchers/tasks/error_digest.hpp"

#include "tests/unit/config/refusal.hpp"

#include <gmock/gmock.h>

#include <set>

namespace hpogrid::launchers {
namespace {

using config::refusal;
using nlohmann::json;
using testing::ElementsAre;
using testing::EndsWith;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;

FailedJob failed(const std::string& job, const std::string& site, json fields) {
    return {job, site, "failed", std::move(fields)};
}

TEST(GridErrors, EachSaysWhatHappenedAndWhatToDo) {
    std::set<std::pair<std::string, int>> known;
    for (const GridError& error : grid_errors()) {
        EXPECT_TRUE(known.emplace(error.component, error.code).second) << error.component << error.code;
        EXPECT_THAT(error.what, EndsWith("."));
        EXPECT_THAT(error.todo, Not(IsEmpty()));
    }
    EXPECT_GT(known.size(), 50U);
}

TEST(GridErrors, AreFoundByTheirCodeAndWhoNumbersThemSo) {
    ASSERT_EQ(errors_with_code("1305").size(), 1U);
    EXPECT_EQ(errors_with_code("pilot:1305").front().component, "pilot");
    EXPECT_GT(errors_with_code("100").size(), 1U);
    EXPECT_THAT(errors_with_code("jobdispatcher:100").front().what, HasSubstr("lost heartbeat"));
    for (const char* wrong : {"", "1", "ddm:1305", "pilot:", "pilot:1305x", "pilot", "-1305", ":1305:"}) {
        EXPECT_THAT(refusal([&] { static_cast<void>(errors_with_code(wrong)); }), HasSubstr("no error that is known"))
            << wrong;
    }
}

TEST(ErrorsOf, CountsJobsByErrorTheMostFrequentFirst) {
    const std::vector<FailedJob> jobs{
        failed("1", "A", {{"piloterrorcode", 1305}, {"piloterrordiag", "it failed"}, {"transexitcode", "65"}}),
        failed("2", "B", {{"piloterrorcode", 1212}, {"piloterrordiag", "memory"}}),
        failed("3", "B", {{"piloterrorcode", 1305}, {"piloterrordiag", "again"}, {"ddmerrorcode", 0}}),
        failed("4", "B", {{"piloterrorcode", nullptr}, {"transexitcode", ""}, {"superrorcode", "odd"}})};
    const auto errors = errors_of(jobs);
    ASSERT_EQ(errors.size(), 3U);
    EXPECT_EQ(errors[0].code, 1305);
    EXPECT_EQ(errors[0].diagnostics, "it failed");
    EXPECT_THAT(errors[0].jobs, ElementsAre("1", "3"));
    EXPECT_THAT(errors[0].sites, ElementsAre("A", "B"));
    EXPECT_EQ(errors[1].known->code, 1212);
    EXPECT_EQ(errors[2].component, "transform");
    EXPECT_FALSE(errors[2].known);
}

}  // namespace
}  // namespace hpogrid::launchers
