#include "launchers/program/command_tree.hpp"

#include "engine/config/printable.hpp"

#include <gmock/gmock.h>

#include <CLI/CLI.hpp>

namespace hpogrid::launchers {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

class CommandTreeTest : public testing::Test {
  protected:
    CommandTreeTest() {
        CLI::App& group = tree_.add_group(tree_.root(), "project", "Projects", "  example\n");
        CLI::App& show = tree_.add_command(group, "show", "Shows", "  example\n", [this] {
            acted_ = true;
            return 3;
        });
        tree_.complete(show.add_option("name", name_), [] { return std::vector<std::string>{"one", "other", "two"}; });
        tree_.complete(show.add_option("-n,--n_jobs", jobs_), [] { return std::vector<std::string>{"1", "10"}; });
        show.add_flag("--dry-run", dry_run_);
        tree_.may_be_empty(show.add_option("--title", title_));
        show.add_option("--file", file_);
        tree_.hands_through(show, through_);
    }
    int run(std::vector<const char*> words) {
        words.insert(words.begin(), "hpogrid");
        testing::internal::CaptureStderr();
        const int status = tree_.run(static_cast<int>(words.size()), words.data());
        errors_ = testing::internal::GetCapturedStderr();
        return status;
    }

    CommandTree tree_{"hpogrid", "Description", "  example\n"};
    std::string name_, title_{"none"}, file_, errors_;
    int jobs_{1};
    bool dry_run_{false}, acted_{false};
    std::vector<std::string> through_;
};

TEST_F(CommandTreeTest, ActsAndAnswersTheStatus) {
    EXPECT_EQ(run({"project", "show", "one"}), 3);
    EXPECT_TRUE(acted_);
    EXPECT_EQ(name_, "one");
}

TEST_F(CommandTreeTest, TakesOptionsWithEitherSpelling) {
    EXPECT_EQ(run({"project", "show", "--n-jobs=3", "--dry_run", "one"}), 3);
    EXPECT_EQ(jobs_, 3);
    EXPECT_TRUE(dry_run_);
}

TEST_F(CommandTreeTest, RefusesAnEmptyValueAndTakesNoOtherWordForIt) {
    EXPECT_EQ(run({"project", "show", "--title=", "one"}), 3);
    EXPECT_EQ(title_, "");
    EXPECT_EQ(name_, "one");
    EXPECT_EQ(run({"project", "show", "--file=", "one"}), 2);
    EXPECT_THAT(errors_, HasSubstr("--file: its value is empty"));
    EXPECT_EQ(run({"project", "show", ""}), 2);
}

TEST_F(CommandTreeTest, RefusesTheValueOfAFlagAndAnOptionThatIsGivenTwice) {
    for (const char* flag : {"--dry-run=5", "--dry-run=maybe", "--dry_run="}) {
        EXPECT_EQ(run({"project", "show", "one", flag}), 2) << flag;
        EXPECT_THAT(errors_, HasSubstr("--dry-run: takes no value, allowed: it, or without it")) << flag;
    }
    EXPECT_EQ(run({"project", "show", "one", "--n_jobs", "1", "--n_jobs", "2"}), 2);
    EXPECT_THAT(errors_, HasSubstr("--n_jobs: is given more than once, allowed: once"));
    EXPECT_FALSE(acted_);
}

TEST_F(CommandTreeTest, ComplainsInOneHarmlessLine) {
    for (const std::vector<const char*>& words :
         {std::vector{"a\x1b\n"}, {"project", "show", "--\x1b\n"}, {"project", "show", "--n_jobs=\x1b\n", "one"}}) {
        EXPECT_EQ(run(words), 2);
        errors_.pop_back();
        EXPECT_FALSE(config::has_control_characters(errors_)) << errors_;
    }
}

TEST_F(CommandTreeTest, HandsThroughWhatFollowsTwoDashes) {
    EXPECT_EQ(run({"project", "show", "one", "--", "--n-jobs", "--", "$(id)"}), 3);
    EXPECT_THAT(through_, ElementsAre("--n-jobs", "--", "$(id)"));
}

TEST_F(CommandTreeTest, NamesTheNearestCommandAndOption) {
    EXPECT_EQ(run({"projct"}), 2);
    EXPECT_THAT(errors_, HasSubstr("unknown command 'projct' (did you mean 'project'?), allowed: project"));
    EXPECT_EQ(run({"project", "shwo"}), 2);
    EXPECT_THAT(errors_, HasSubstr("did you mean 'show'?"));
    EXPECT_EQ(run({"project", "show", "--n_job", "3"}), 2);
    EXPECT_THAT(errors_, HasSubstr("unknown option --n_job (did you mean '--n_jobs'?)"));
    EXPECT_FALSE(acted_);
}

TEST_F(CommandTreeTest, CompletesCommandsOptionsAndArguments) {
    EXPECT_THAT(tree_.completions({"pro"}), ElementsAre("project"));
    EXPECT_THAT(tree_.completions({"project", ""}), ElementsAre("show"));
    EXPECT_THAT(tree_.completions({"project", "show", "o"}), ElementsAre("one", "other"));
    EXPECT_THAT(tree_.completions({"project", "show", "--n"}), ElementsAre("--n_jobs"));
    EXPECT_THAT(tree_.completions({"project", "show", "--n-jobs", "1"}), ElementsAre("1", "10"));
    EXPECT_THAT(tree_.completions({"project", "show", "-n", "1", "tw"}), ElementsAre("two"));
    EXPECT_THAT(tree_.completions({"project", "show", "--dry-run", "tw"}), ElementsAre("two"));
    EXPECT_THAT(tree_.completions({"project", "show", "one", ""}), IsEmpty());
    EXPECT_THAT(tree_.completions({"nonsense", ""}), IsEmpty());
}

}  // namespace
}  // namespace hpogrid::launchers
