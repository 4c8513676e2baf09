#include "launchers/configurations/config_option.hpp"

#include "launchers/configurations/edit.hpp"
#include "launchers/configurations/kind.hpp"
#include "tests/unit/config/refusal.hpp"

#include <gmock/gmock.h>

#include <algorithm>

namespace hpogrid::launchers {
namespace {

using config::refusal;
using nlohmann::json;
using testing::HasSubstr;

const Kind& kind(std::string_view command) {
    return *std::ranges::find(kinds(), command, &Kind::command);
}

json value(std::string_view command, std::string_view key, const std::vector<std::string>& texts) {
    return value_of_option(*std::ranges::find(kind(command).options, key, &ConfigOption::key), texts);
}

TEST(ValueOfOption, TakesJsonWhereTheKeyDoes) {
    EXPECT_EQ(value("hpo_config", "num_trials", {"200"}), 200);
    EXPECT_EQ(value("hpo_config", "stop", {R"({"loss": 0.1})"}), json({{"loss", 0.1}}));
    EXPECT_EQ(value("hpo_config", "scheduler", {"null"}), nullptr);
    EXPECT_EQ(value("grid_config", "retry", {"true"}), true);
}

TEST(ValueOfOption, TakesTheTextItselfWhereTheKeyIsAText) {
    EXPECT_EQ(value("hpo_config", "metric", {"5"}), "5");
    EXPECT_EQ(value("hpo_config", "metric", {"true"}), "true");
    EXPECT_EQ(value("grid_config", "inDS", {"\"quoted\""}), "\"quoted\"");
    EXPECT_EQ(value("grid_config", "container", {"$(id); `id`"}), "$(id); `id`");
}

TEST(ValueOfOption, MakesAListOfSeveralTexts) {
    EXPECT_EQ(value("hpo_config", "extra_metrics", {"auc", "f1"}), json({"auc", "f1"}));
    EXPECT_EQ(value("model_config", "arguments", {"only one"}), json({"only one"}));
    EXPECT_EQ(value("model_config", "arguments", {R"(["--lr={lr}"])"}), json({"--lr={lr}"}));
}

TEST(ValueOfOption, JoinsLinesThatEndInABackslash) {
    EXPECT_EQ(value("hpo_config", "stop", {"{\"loss\": 1,\\\n\"auc\": 2}"}), json({{"loss", 1}, {"auc", 2}}));
}

TEST(ValueOfOption, NamesTheOptionAndWhatIsAllowed) {
    EXPECT_THAT(refusal([] { return value("hpo_config", "mode", {"mn"}); }),
                HasSubstr("'--mode' is \"mn\" (did you mean 'min'?), allowed: max, min"));
    EXPECT_THAT(refusal([] { return value("hpo_config", "num_trials", {"0"}); }),
                HasSubstr("'--num_trials' is 0, allowed: an integer from 1"));
    EXPECT_THAT(refusal([] { return value("hpo_config", "num_trials", {"many"}); }),
                testing::AllOf(HasSubstr("not a number"), testing::Not(HasSubstr("quotes"))));
    EXPECT_THAT(refusal([] { return value("hpo_config", "stop", {"{\"loss\": }"}); }), HasSubstr("line 1, column 10"));
}

TEST(Edited, StoresBothNamesOfTheNumberOfTrialsUnderOne) {
    const Kind& hpo = kind("hpo_config");
    EXPECT_EQ(edited(hpo, json::object(), {{{"trials", {"7"}}}, {}}), json({{"num_trials", 7}}));
    EXPECT_EQ(edited(hpo, {{"trials", 5}}, {{{"num_trials", {"7"}}}, {}}), json({{"num_trials", 7}}));
    EXPECT_THAT(refusal([&] {
                    return edited(hpo, json::object(), {{{"trials", {"7"}}, {"num_trials", {"8"}}}, {}});
                }),
                HasSubstr("differ"));
}

TEST(Edited, MergesHyperparameters) {
    const json uniform = {{"method", "uniform"}, {"dimension", {{"low", 0}, {"high", 1}}}};
    const json fixed = {{"method", "fixed"}, {"dimension", {{"value", 3}}}};
    const json space = edited(kind("search_space"), {{"a", uniform}, {"b", uniform}},
                              {{{"search_space", {json({{"b", fixed}, {"c", fixed}}).dump()}}}, {"a"}});
    EXPECT_EQ(space, json({{"b", fixed}, {"c", fixed}}));
}

TEST(Edited, RefusesToUnsetWhatIsNoKey) {
    EXPECT_THAT(refusal([] {
                    return edited(kind("hpo_config"), json::object(), {{}, {"metrc"}});
                }),
                HasSubstr("did you mean 'metric'?"));
}

}  // namespace
}  // namespace hpogrid::launchers
