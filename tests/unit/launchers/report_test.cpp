#include "launchers/report/report.hpp"

#include "engine/core/random.hpp"
#include "launchers/report/html_page.hpp"
#include "launchers/report/importance.hpp"
#include "launchers/report/read_report.hpp"
#include "launchers/report/write_report.hpp"
#include "tests/support/temporary_folder.hpp"
#include "tests/unit/config/refusal.hpp"

#include <gmock/gmock.h>

#include <cmath>
#include <map>

namespace hpogrid::launchers {
namespace {

using config::refusal;
using nlohmann::json;
using testing::ElementsAre;
using testing::HasSubstr;

Report job(const std::string& source, const std::vector<double>& scores, double first_end = 100.0) {
    Report report;
    report.project = "p";
    report.metric = "loss";
    report.minimize = true;
    report.hyperparameters = {"x"};
    report.metrics = {"loss"};
    report.jobs.push_back({.source = source,
                           .site = "host",
                           .task = source,
                           .seed = 7,
                           .status = "finished",
                           .started = 0.0,
                           .ended = 60.0});
    for (const double score : scores) {
        ReportTrial trial;
        trial.trial = static_cast<std::int64_t>(report.trials.size());
        trial.hyperparameters = {{"x", score * 10}};
        trial.metrics = {{"loss", score}};
        trial.score = score;
        trial.ended = first_end + static_cast<double>(trial.trial);
        trial.duration = 2.5;
        report.trials.push_back(trial);
    }
    return report;
}

std::vector<double> scores(const Report& report) {
    std::vector<double> list;
    for (const ReportTrial& trial : report.trials) {
        list.push_back(trial.score);
    }
    return list;
}

TEST(Report, RanksTheTrialsOfAllJobsAndKeepsALossOfZero) {
    Report report;
    merge(report, job("a", {3.0, 0.0}));
    merge(report, job("b", {-1.0, 2.0}, 200.0));
    rank(report);
    EXPECT_THAT(scores(report), ElementsAre(-1.0, 0.0, 2.0, 3.0));
    EXPECT_EQ(report.trials.front().job, 1U);
    report.minimize = false;
    rank(report);
    EXPECT_THAT(scores(report), ElementsAre(3.0, 2.0, 0.0, -1.0));
}

TEST(Report, CountsATrialOnceThatStandsInTwoFiles) {
    Report report;
    merge(report, job("a", {3.0, 1.0}));
    merge(report, job("copy of a, resumed", {3.0, 1.0, 0.5}));
    EXPECT_THAT(scores(report), ElementsAre(3.0, 1.0, 0.5));
    EXPECT_EQ(report.duplicates, 2U);
}

TEST(Report, RefusesToMixSearches) {
    Report report = job("a", {1.0});
    Report other = job("b", {1.0});
    other.minimize = false;
    EXPECT_THAT(refusal([&] {
                    merge(report, other);
                    return 0;
                }),
                HasSubstr("a minimises 'loss', b maximises 'loss', allowed: results of one search"));
}

TEST(Report, KeepsTheScoresWithinTheLimits) {
    Report report = job("a", {1.0, 2.0, 3.0, 4.0});
    limit_scores(report, 2.0, 3.0);
    EXPECT_THAT(scores(report), ElementsAre(2.0, 3.0));
}

TEST(Tabulate, HasTheExtraColumnsThatAreAskedFor) {
    const ReportTable table = tabulate(job("a", {1.0}), {"site", "time_s", "task_time_s", "start_datetime"});
    EXPECT_THAT(table.titles,
                ElementsAre("job", "trial", "x", "loss", "site", "time_s", "task_time_s", "start_datetime"));
    EXPECT_EQ(json(table.rows.at(0)), json({0, 0, 10.0, 1.0, "host", 2.5, 60.0, "01/01/1970, 00:00:00"}));
    EXPECT_THAT(refusal([] { return tabulate(Report{}, {"sit"}); }), HasSubstr("did you mean 'site'?"));
}

TEST(CsvText, QuotesWhatCommasAndQuotesWouldBreak) {
    EXPECT_EQ(csv_text({{"a,b", "c"}, {{"say \"x\"", 1.5}, {nullptr, "line\nline"}}}),
              "\"a,b\",c\r\n\"say \"\"x\"\"\",1.5\r\n,\"line\nline\"\r\n");
}

TEST(SummaryOf, TellsOfEachJobByItself) {
    Report report;
    merge(report, job("a", {3.0, 1.0}));
    merge(report, job("b", {2.0}, 200.0));
    rank(report);
    const json summary = json::parse(summary_of(report).dump());
    EXPECT_EQ(summary.at("mode"), "min");
    ASSERT_EQ(summary.at("jobs").size(), 2U);
    EXPECT_EQ(summary.at("jobs")[0].at("best_metric_score"), 1.0);
    EXPECT_EQ(summary.at("jobs")[0].at("best_config"), json({{"x", 10.0}}));
    EXPECT_EQ(summary.at("jobs")[1].at("result"),
              json::parse(R"({"0": {"loss": 2.0, "time_s": 2.5, "timestamp": 200.0, "x": 20.0}})"));
}

TEST(ReadReport, ReadsTheMetadataOfAJob) {
    const tests::TemporaryFolder folder;
    const auto file = folder.write("5/userJobMetadata.json", R"({"project_name": "p", "metric": "loss", "mode": "min",
        "hyperparameters": ["x"], "start_timestamp": 10.0, "task_time_s": 5.0,
        "result": {"0": {"x": 1, "loss": 0, "auc": 0.5, "time_s": 2, "timestamp": 12},
                   "1": {"x": 2, "loss": null, "time_s": 2, "timestamp": 14}}})");
    const Report report = read_report(file);
    EXPECT_THAT(report.metrics, ElementsAre("loss", "auc"));
    ASSERT_EQ(report.trials.size(), 1U);
    EXPECT_EQ(report.trials[0].score, 0.0);
    EXPECT_EQ(report.trials[0].metrics.at("auc"), 0.5);
    EXPECT_EQ(report.jobs[0].task, "5");
    EXPECT_EQ(report.jobs[0].ended, 15.0);
}

TEST(ReadReport, RefusesWhatIsNoResult) {
    const tests::TemporaryFolder folder;
    EXPECT_THAT(refusal([&] { return read_report(folder.write("a.json", "{}")); }), HasSubstr("no metadata of a job"));
    EXPECT_THAT(refusal([&] { return read_report(folder.write("a.h5", "x")); }), HasSubstr("no results file"));
    EXPECT_THAT(refusal([&] { return read_report(folder.path() / "none.h5"); }), HasSubstr("does not exist"));
}

/// Scores that are 10·big, and 8·useful more where `kind` is "b"; `noise` means nothing.
Report search(std::size_t trials) {
    Report report;
    report.metric = "loss";
    report.minimize = true;
    report.hyperparameters = {"noise", "useful", "kind", "big"};
    report.metrics = {"loss"};
    report.jobs.emplace_back();
    RandomStream random{1, 0, RandomPurpose::simulation};
    for (std::size_t i = 0; i < trials; ++i) {
        const bool is_b = random.uniform() < 0.5;
        const double useful = random.uniform();
        const double big = random.uniform();
        ReportTrial trial;
        trial.trial = static_cast<std::int64_t>(i);
        trial.hyperparameters = {
            {"noise", random.uniform()}, {"useful", useful}, {"kind", is_b ? "b" : "a"}, {"big", big}};
        trial.score = 10.0 * big + (is_b ? 8.0 * useful : 0.0);
        report.trials.push_back(std::move(trial));
    }
    rank(report);
    return report;
}

TEST(Importances, TellWhatMattersAloneAndWhatInInteractions) {
    // By integration: shares of the variance of scores, which ranks change little.
    const std::map<std::string, std::pair<double, double>> exact{
        {"big", {0.556, 0.556}}, {"kind", {0.267, 0.356}}, {"useful", {0.089, 0.178}}, {"noise", {0.0, 0.0}}};
    const auto found = importances(search(1000));
    ASSERT_EQ(found.size(), 4U);
    EXPECT_EQ(found.front().name, "big");
    EXPECT_EQ(found.back().name, "noise");
    for (const Importance& each : found) {
        EXPECT_NEAR(each.main, exact.at(each.name).first, 0.08) << each.name;
        EXPECT_NEAR(each.total, exact.at(each.name).second, 0.08) << each.name;
    }
}

TEST(Importances, AreTheSameEachTimeAndHardlyChangeWithOneDivergedTrial) {
    Report report = search(200);
    const auto before = importances(report);
    EXPECT_EQ(importances(report).front().total, before.front().total);
    report.trials.back().score = 1e30;
    EXPECT_NEAR(importances(report).front().total, before.front().total, 0.05);
}

TEST(Importances, AreNoneWhereThereIsNothingToExplain) {
    EXPECT_TRUE(importances(search(7)).empty());
    Report flat = search(50);
    for (ReportTrial& trial : flat.trials) {
        trial.score = 1.0;
    }
    EXPECT_TRUE(importances(flat).empty());
}

TEST(HtmlPage, HasOnlyThePartsThatThereAreDataFor) {
    Report report = search(3);
    const auto parts = [&](HtmlParts wanted) {
        const std::string page = html_page(report, tabulate(report, {}), wanted);
        const std::size_t begin = page.find("application/json\">") + 18;
        return json::parse(page.substr(begin, page.find("</script>", begin) - begin)).at("parts");
    };
    EXPECT_EQ(parts(HtmlParts::parallel_coordinates), json({"parallel"}));
    EXPECT_EQ(parts(HtmlParts::all), json({"parallel", "history", "slices", "trials"}));
    report.trials[0].curve = {{1.0, 0.5}, {2.0, 0.4}};
    EXPECT_EQ(parts(HtmlParts::all), json({"parallel", "history", "slices", "curves", "trials"}));
}

TEST(HtmlPage, HoldsTextsThatLookLikeItsOwnEnd) {
    Report report = search(1);
    report.project = "</script><script>alert(1)</script>";
    EXPECT_EQ(html_page(report, tabulate(report, {}), HtmlParts::all).find("alert(1)</script>"), std::string::npos);
}

}  // namespace
}  // namespace hpogrid::launchers
