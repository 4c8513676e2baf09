#include "engine/console/progress_text.hpp"

#include "tests/unit/study/study_driver.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <limits>
#include <string>
#include <vector>

namespace hpogrid::console {
namespace {

using study::StudyDriver;
using ::testing::HasSubstr;

space::Space one_parameter() {
    return space::Space{{{"x", space::Uniform{0, 1}, {}}}};
}

StudyDriver half_done() {
    StudyDriver driver{study::minimise_loss(4)};
    driver.join(1);
    driver.join(2);
    driver.suggest(3);
    driver.start(0, driver.trial(0).worker.value);
    driver.start(1, driver.trial(1).worker.value);
    driver.report(0, 0.25);
    driver.end(0);
    return driver;
}

TEST(ProgressText, SaysOnOneLineWhereTheStudyStands) {
    const StudyDriver driver = half_done();
    EXPECT_EQ(progress_line(driver.study, {0.0, 105.0}),
              "1/4 trials (1 running), best loss 0.25 in trial 0, 0:01:45 elapsed, about 0:05:15 left");
}

TEST(ProgressText, DoesNotGuessBeforeTheFirstEnd) {
    StudyDriver driver{study::minimise_loss(4)};
    EXPECT_EQ(progress_line(driver.study, {0.0, 10.0}), "0/4 trials, no result yet, 0:00:10 elapsed");
}

TEST(ProgressText, FitsAnyWidth) {
    const StudyDriver driver = half_done();
    const space::Space space = one_parameter();
    for (std::size_t width = 20; width <= 200; width += 7) {
        for (const std::string& line : progress_block(driver.study, space, {0.0, 105.0}, width)) {
            EXPECT_LE(columns(line), width) << line;
        }
    }
}

TEST(ProgressText, SumsUpAtTheEnd) {
    const StudyDriver driver = half_done();
    const std::string text = final_summary(driver.study, one_parameter(), {0.0, 105.0}, "/tmp/results.h5");
    EXPECT_THAT(text, HasSubstr("1 of 3 trials succeeded"));
    EXPECT_THAT(text, HasSubstr("Best loss = 0.25 (trial 0)"));
    EXPECT_THAT(text, HasSubstr("x                        0.5"));
    EXPECT_THAT(text, HasSubstr("/tmp/results.h5"));
}

TEST(ProgressText, CutsUtf8BetweenCharacters) {
    EXPECT_EQ(fit("äöü", 3), "äöü");
    EXPECT_EQ(fit("äöüß", 3), "äö…");
    EXPECT_EQ(fit("abc", 0), "");
}

TEST(ProgressText, CountsRowsOfLinesThatTheTerminalWraps) {
    const std::vector<std::string> lines{"", "äöü", "abcdefg"};
    EXPECT_EQ(rows(lines, 80), 3U);
    EXPECT_EQ(rows(lines, 3), 5U);
}

TEST(ProgressText, KeepsTextsOfTheUserFromSteeringTheTerminal) {
    const space::Space space{{{"\x1b[2J", space::Categorical{.categories = {"\x1b]0;title\a"}}, {}}}};
    StudyDriver driver{study::minimise_loss(1)};
    driver.join(1);
    driver.apply(study::Suggested{{space::Category{0}}, "random"});
    driver.start(0, 1);
    driver.report(0, 0.25);
    driver.end(0);
    for (const std::string& line : progress_block(driver.study, space, {0.0, 1.0}, 200)) {
        EXPECT_EQ(line.find('\x1b'), std::string::npos) << line;
    }
    EXPECT_EQ(final_summary(driver.study, space, {0.0, 1.0}, "results.h5").find('\x1b'), std::string::npos);
}

TEST(ProgressText, WritesDurations) {
    EXPECT_EQ(duration(3661.4), "1:01:01");
    EXPECT_EQ(duration(std::numeric_limits<double>::quiet_NaN()), "unknown");
}

TEST(PlacementTable, IsInTheOrderOfTheRanks) {
    StudyDriver driver{study::minimise_loss(4)};
    driver.join(3);
    driver.join(1);

    const std::string table = placement_table(driver.study);

    EXPECT_LT(table.find("\n    1  "), table.find("\n    3  "));
}

}  // namespace
}  // namespace hpogrid::console
