#include "launchers/watch/study_view.hpp"

#include "launchers/watch/view_text.hpp"

#include <gmock/gmock.h>

#include <limits>

namespace hpogrid::launchers {
namespace {

using testing::AllOf;
using testing::Each;
using testing::HasSubstr;
using testing::SizeIs;

constexpr double none = std::numeric_limits<double>::quiet_NaN();

/// Trial 0 completed, 1 runs, 2 failed, 3 is queued.
results::ResultsTables tables() {
    results::ResultsTables tables;
    tables.project_name = "digits";
    tables.metric = "loss";
    tables.mode = "min";
    tables.algorithm = "auto";
    tables.status = "running";
    tables.num_trials = 10;
    tables.best_trial = 0;
    using Numbers = std::vector<double>;
    using Integers = std::vector<std::int64_t>;
    using Texts = std::vector<std::string>;
    tables.trials = {{"id", Integers{0, 1, 2, 3}},
                     {"state", Texts{"completed", "running", "failed", "queued"}},
                     {"host", Texts{"node", "node", "node", ""}},
                     {"gpu", Texts{"", "A100", "", ""}},
                     {"started", Numbers{100, 110, 105, none}},
                     {"ended", Numbers{104, none, 109, none}},
                     {"iterations", Numbers{5, 3, 0, 0}}};
    tables.params = {{"lr", Numbers{0.5, 0.25, 0.125, none}}, {"kind", Texts{"a", "", "b", ""}}};
    tables.metrics = {{"loss", Numbers{0.75, 1.5, none, none}}, {"loss_last", Numbers{0.8, 1.75, none, none}}};
    return tables;
}

std::string text_of(const StudyView& view, const ViewMoment& moment, std::size_t width = 0) {
    std::string text;
    for (const std::string& line : view_block(view, moment, width)) {
        text += line + "\n";
    }
    return text;
}

TEST(StudyView, CountsTrialsAndFindsTheBest) {
    const StudyView view = view_of(tables(), 8);
    EXPECT_EQ(view.counts.completed, 1U);
    EXPECT_EQ(view.counts.running, 1U);
    EXPECT_EQ(view.counts.failed, 1U);
    EXPECT_EQ(view.counts.queued, 1U);
    EXPECT_EQ(view.planned, 10U);
    EXPECT_EQ(view.started, 100.0);
    ASSERT_TRUE(view.best);
    EXPECT_EQ(view.best->score, 0.75);
    EXPECT_EQ(view.best->configuration, (nlohmann::json{{"lr", 0.5}, {"kind", "a"}}));
}

TEST(StudyView, ShowsTheLastReportOfWhatRunsAndLeavesOutInactiveParameters) {
    const StudyView view = view_of(tables(), 8);
    ASSERT_THAT(view.running, SizeIs(1));
    EXPECT_EQ(view.running[0].score, 1.75);
    EXPECT_EQ(view.running[0].iteration, 3.0);
    EXPECT_EQ(view.running[0].place, "node A100");
    EXPECT_EQ(view.running[0].configuration, (nlohmann::json{{"lr", 0.25}}));
}

TEST(StudyView, KeepsTheLatestOfWhatEnded) {
    const StudyView view = view_of(tables(), 8);
    ASSERT_THAT(view.recent, SizeIs(2));
    EXPECT_EQ(view.recent[0].id, 2);
    EXPECT_EQ(view.recent[1].id, 0);
    const StudyView shorter = view_of(tables(), 1);
    ASSERT_THAT(shorter.recent, SizeIs(1));
    EXPECT_EQ(shorter.recent[0].id, 2);
}

TEST(ViewText, TellsAllOfItInABlock) {
    EXPECT_EQ(text_of(view_of(tables(), 8), {.now = 120, .written = 117}),
              "digits: minimise loss, auto, running\n"
              "████████░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░  20 %  2/10 trials (1 running, 1 failed)\n"
              "  best loss 0.75 in trial 0\n"
              "    kind=a  lr=0.5\n"
              "  0:00:20 since the first trial began, as of 0:00:03 ago\n"
              "  running:\n"
              "    trial 1             1.75  at 3       0:00:10  node A100  lr=0.25\n"
              "  ended last:\n"
              "    trial 2                -  failed     0:00:04  kind=b  lr=0.125\n"
              "    trial 0             0.75  completed  0:00:04  kind=a  lr=0.5\n");
}

TEST(ViewText, FitsTheTerminal) {
    const auto columns = [](const std::string& line) {
        return std::ranges::count_if(line, [](char c) { return (c & '\xC0') != '\x80'; });
    };
    EXPECT_THAT(view_block(view_of(tables(), 8), {.now = 120, .written = 117}, 30),
                Each(testing::ResultOf(columns, testing::Le(30))));
}

TEST(ViewText, TellsInALineWhatALogNeeds) {
    EXPECT_EQ(view_line(view_of(tables(), 8), {.now = 120, .written = 117}),
              "digits: running, 2/10 trials (1 running, 1 failed), best loss 0.75 in trial 0, "
              "0:00:20 since the first trial began, as of 0:00:03 ago");
}

TEST(ViewText, SaysWhenTheEngineHasVanished) {
    EXPECT_THAT(text_of(view_of(tables(), 8), {.now = 120, .written = 117, .vanished = true}),
                HasSubstr("interrupted: start it again with --resume"));
}

TEST(ViewText, DoesWithoutWhatIsNotKnown) {
    results::ResultsTables empty;
    empty.status = "running";
    empty.project_name = "it's\x1b[2J";
    EXPECT_THAT(text_of(view_of(empty, 8), {.now = 1, .written = 1}),
                AllOf(HasSubstr("0 trials"), HasSubstr("no result yet"), testing::Not(HasSubstr("\x1b"))));
}

}  // namespace
}  // namespace hpogrid::launchers
