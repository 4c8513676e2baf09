#include "engine/results/metadata.hpp"

#include "tests/support/temporary_folder.hpp"
#include "tests/unit/results/recorded_study.hpp"

#include <gtest/gtest.h>

#include <fstream>
#include <limits>
#include <string>

namespace hpogrid::results {
namespace {

using nlohmann::json;

/// Refuses the NaN and Infinity that Python's reader would take.
json metadata_of(RecordedStudy& run, std::size_t limit = metadata_limit) {
    const std::string text = metadata_text(run.snapshot(), limit);
    EXPECT_LT(text.size(), limit);
    return json::parse(text);
}

TEST(Metadata, HasEveryKeyOfTheOriginalBeforeTheFirstResult) {
    RecordedStudy run{one_real()};
    const json metadata = metadata_of(run);
    for (const char* key : {"project_name", "start_datetime", "end_datetime", "start_timestamp", "task_time_s",
                            "hyperparameters", "metric", "mode", "best_config", "best_metric_score", "result"}) {
        EXPECT_TRUE(metadata.contains(key)) << key;
    }
    EXPECT_EQ(metadata["project_name"], "digits");
    EXPECT_EQ(metadata["start_timestamp"], 990.0);
    EXPECT_EQ(metadata["task_time_s"], 10.0);
    EXPECT_EQ(metadata["start_datetime"], "01/01/1970, 00:16:30");
    EXPECT_EQ(metadata["hyperparameters"], json::array({"lr"}));
    EXPECT_EQ(metadata["metric"], "loss");
    EXPECT_EQ(metadata["mode"], "min");
    EXPECT_EQ(metadata["result"], json::object());
    EXPECT_TRUE(metadata["best_metric_score"].is_null());
}

TEST(Metadata, KeepsALossOfExactlyZero) {
    RecordedStudy run{one_real()};
    run.join(1);
    run.evaluate({0.5}, 0.0);
    run.evaluate({0.75}, 1.0);
    const json metadata = metadata_of(run);
    EXPECT_EQ(metadata["best_metric_score"], 0.0);
    EXPECT_EQ(metadata["best_config"], json::object({{"lr", 0.5}}));
    EXPECT_EQ(metadata["result"].size(), 2U);
    EXPECT_EQ(metadata["result"]["0"]["loss"], 0.0);
}

TEST(Metadata, GivesTimeParametersAndMetricsOfEachResult) {
    RecordedStudy run{{{"lr", space::Uniform{0, 1}, {}}, categorical("optimizer", {"adam", "sgd"})}};
    run.join(1);
    run.suggest({0.5, space::Category{1}});
    run.start(0);
    run.report(0, {{"loss", 0.5}, {"accuracy", 0.75}, {"not_asked_for", 1.0}});
    run.end(0);
    const json result = metadata_of(run)["result"]["0"];
    EXPECT_EQ(result, json::parse(R"({"time_s": 2.0, "timestamp": 1003.0, "lr": 0.5, "optimizer": "sgd", "loss": 0.5,
                                     "accuracy": 0.75})"));
}

TEST(Metadata, FindsTheLargestWhereThatIsTheBest) {
    RecordedStudy run{one_real(), 10, 0, study::Mode::maximize};
    run.join(1);
    run.evaluate({0.5}, 0.25);
    run.evaluate({0.75}, 0.5);
    EXPECT_EQ(metadata_of(run)["best_metric_score"], 0.5);
    EXPECT_EQ(metadata_of(run)["mode"], "max");
}

TEST(Metadata, CountsWhatAStopLeftUnfinishedAsFarAsItCame) {
    RecordedStudy run{one_real()};
    run.join(1);
    run.evaluate({0.5}, 0.25);
    run.suggest({0.75});
    run.start(1);
    run.report(1, {{"loss", 0.125}});
    EXPECT_EQ(metadata_of(run)["best_metric_score"], 0.25);
    run.apply(study::StopRequested{study::StopReason::time_budget, run.time});
    run.end(1, study::Outcome::cancelled);
    const json metadata = json::parse(metadata_text(run.snapshot(RunStatus::stopped)));
    EXPECT_EQ(metadata["best_metric_score"], 0.125);
    EXPECT_EQ(metadata["result"].size(), 2U);
}

TEST(Metadata, WritesNullForNumbersThatJsonCannotHold) {
    RecordedStudy run{one_real()};
    run.join(1);
    run.suggest({0.5});
    run.start(0);
    run.report(0, {{"loss", 0.5}, {"accuracy", std::numeric_limits<double>::infinity()}});
    run.end(0);
    EXPECT_TRUE(metadata_of(run)["result"]["0"]["accuracy"].is_null());
}

TEST(Metadata, LeavesOutTrialsWithoutAScore) {
    RecordedStudy run{one_real()};
    run.join(1);
    run.suggest({0.5});
    run.start(0);
    run.end(0, study::Outcome::failed, "ValueError");
    EXPECT_EQ(metadata_of(run)["result"], json::object());
}

TEST(Metadata, StaysBelowItsLimitWithTheBestResults) {
    RecordedStudy run{one_real(), 20'000};
    run.join(1);
    for (int i = 0; i < 20'000; ++i) {
        run.evaluate({0.123456789 + i}, 20'000.0 - i);
    }
    const json metadata = metadata_of(run);
    const std::size_t kept = metadata["result"].size();
    EXPECT_GT(kept, 5'000U);
    EXPECT_EQ(metadata["results_omitted"], 20'000U - kept);
    for (const json& result : metadata["result"]) {
        EXPECT_LE(result["loss"], static_cast<double>(kept));
    }
    EXPECT_EQ(metadata["best_metric_score"], 1.0);
}

TEST(Metadata, SaysNothingOfOmissionsWhereThereAreNone) {
    RecordedStudy run{one_real()};
    EXPECT_FALSE(metadata_of(run).contains("results_omitted"));
}

TEST(Metadata, StaysBelowAnyLimitThatItsKeysFitIn) {
    RecordedStudy run{{categorical(std::string(3000, 'n'), {std::string(5000, 'v')})}};
    run.join(1);
    run.evaluate({space::Category{0}}, 1.0);
    for (const std::size_t limit : {500U, 1000U, 4000U, 10'000U, 20'000U}) {
        EXPECT_TRUE(metadata_of(run, limit).contains("result")) << limit;
    }
}

TEST(Metadata, ReplacesTheFile) {
    const tests::TemporaryFolder folder;
    const auto path = folder.write("userJobMetadata.json", "{}");
    RecordedStudy run{one_real()};
    write_metadata(path, run.snapshot());
    std::ifstream file{path};
    EXPECT_EQ(json::parse(file)["project_name"], "digits");
}

}  // namespace
}  // namespace hpogrid::results
