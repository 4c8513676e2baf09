#include "engine/results/results_file.hpp"

#include "engine/core/error.hpp"
#include "tests/support/temporary_folder.hpp"
#include "tests/unit/results/recorded_study.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <bit>
#include <cmath>
#include <string>
#include <vector>

namespace hpogrid::results {
namespace {

using nlohmann::json;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::ThrowsMessage;
using Numbers = std::vector<double>;
using Integers = std::vector<std::int64_t>;
using Truths = std::vector<Truth>;
using Texts = std::vector<std::string>;

/// Columns by name, numbers by their bits: NaN equals NaN.
std::vector<std::string> fingerprint(Table table) {
    std::ranges::sort(table, {}, &Column::name);
    std::vector<std::string> lines;
    for (const Column& column : table) {
        std::string line = column.name + " type " + std::to_string(column.data.index()) + ":";
        std::visit(
            [&](const auto& values) {
                for (const auto& value : values) {
                    using Value = std::decay_t<decltype(value)>;
                    if constexpr (std::is_same_v<Value, std::string>) {
                        line += " '" + value + "'";
                    } else if constexpr (std::is_same_v<Value, double>) {
                        line += " " + std::to_string(std::bit_cast<std::uint64_t>(value));
                    } else if constexpr (std::is_same_v<Value, Truth>) {
                        line += value.value != 0 ? " true" : " false";
                    } else {
                        line += " " + std::to_string(value);
                    }
                }
            },
            column.data);
        lines.push_back(std::move(line));
    }
    return lines;
}

void expect_same(const ResultsTables& left, const ResultsTables& right) {
    EXPECT_EQ(left.schema_version, right.schema_version);
    EXPECT_EQ(left.engine_version, right.engine_version);
    EXPECT_EQ(left.project_name, right.project_name);
    EXPECT_EQ(left.metric, right.metric);
    EXPECT_EQ(left.mode, right.mode);
    EXPECT_EQ(left.algorithm, right.algorithm);
    EXPECT_EQ(left.scheduler, right.scheduler);
    EXPECT_EQ(left.status, right.status);
    EXPECT_EQ(left.config, right.config);
    EXPECT_EQ(left.seed, right.seed);
    EXPECT_EQ(left.num_trials, right.num_trials);
    EXPECT_EQ(left.best_trial, right.best_trial);
    EXPECT_EQ(fingerprint(left.trials), fingerprint(right.trials));
    EXPECT_EQ(fingerprint(left.params), fingerprint(right.params));
    EXPECT_EQ(fingerprint(left.metrics), fingerprint(right.metrics));
    EXPECT_EQ(fingerprint(left.reports), fingerprint(right.reports));
    EXPECT_EQ(fingerprint(left.report_metrics), fingerprint(right.report_metrics));
}

class ResultsFileTest : public ::testing::Test {
  protected:
    void expect_round_trip(const Snapshot& snapshot) {
        write_results_file(path_, snapshot);
        expect_same(read_results_file(path_), tabulate(snapshot));
    }
    ResultsTables written(const Snapshot& snapshot) {
        write_results_file(path_, snapshot);
        return read_results_file(path_);
    }

    tests::TemporaryFolder folder_;
    std::filesystem::path path_{folder_.path() / "results.h5"};
};

template <class Data>
Data param(const ResultsTables& tables, const char* name) {
    const Column* column = find_column(tables.params, name);
    if (column == nullptr || !std::holds_alternative<Data>(column->data)) {
        ADD_FAILURE() << name << " has another type: " << (column == nullptr ? 99 : column->data.index());
        return {};
    }
    return std::get<Data>(column->data);
}

TEST_F(ResultsFileTest, HoldsAStudyWithoutTrials) {
    RecordedStudy run{one_real()};
    expect_round_trip(run.snapshot());
    const ResultsTables tables = read_results_file(path_);
    EXPECT_EQ(tables.best_trial, -1);
    EXPECT_EQ(tables.seed, 18446744073709551615U);
    EXPECT_EQ(tables.num_trials, 12U);
    EXPECT_EQ(tables.mode, "min");
    EXPECT_NE(find_column(tables.params, "lr"), nullptr);
}

TEST_F(ResultsFileTest, HoldsAStudyWithoutParameters) {
    RecordedStudy run{{}};
    run.join(1);
    run.evaluate({}, 1.0);
    expect_round_trip(run.snapshot());
}

TEST_F(ResultsFileTest, HoldsEveryColumnOfTheSchema) {
    RecordedStudy run{one_real()};
    run.join(1);
    run.evaluate({0.5}, 0.0);
    expect_round_trip(run.snapshot(RunStatus::finished));
    const ResultsTables tables = read_results_file(path_);
    for (const char* name : {"id", "state", "attempt", "origin", "worker", "host", "gpu", "started", "ended",
                             "duration", "iterations", "error", "log"}) {
        EXPECT_NE(find_column(tables.trials, name), nullptr) << name;
    }
    for (const char* name : {"trial_id", "iteration", "time"}) {
        EXPECT_NE(find_column(tables.reports, name), nullptr) << name;
    }
    EXPECT_EQ(tables.status, "finished");
    EXPECT_EQ(std::get<Numbers>(find_column(tables.metrics, "loss")->data), Numbers{0.0});
    EXPECT_EQ(std::get<Numbers>(find_column(tables.metrics, "loss_last")->data), Numbers{0.0});
}

TEST_F(ResultsFileTest, HoldsBestAndLastValueOfAMetric) {
    RecordedStudy run{one_real()};
    run.join(1);
    run.suggest({0.5});
    run.start(0);
    run.report(0, {{"loss", 0.25}, {"accuracy", 0.9}}, 1);
    run.report(0, {{"loss", 0.75}, {"accuracy", 0.8}}, 2);
    run.end(0);
    const ResultsTables tables = written(run.snapshot());
    EXPECT_EQ(std::get<Numbers>(find_column(tables.metrics, "loss")->data), Numbers{0.25});
    EXPECT_EQ(std::get<Numbers>(find_column(tables.metrics, "loss_last")->data), Numbers{0.75});
    EXPECT_EQ(std::get<Numbers>(find_column(tables.metrics, "accuracy")->data), Numbers{0.9});
    EXPECT_EQ(std::get<Numbers>(find_column(tables.metrics, "accuracy_last")->data), Numbers{0.8});
}

TEST_F(ResultsFileTest, KeepsTheTypeOfEveryParameter) {
    RecordedStudy run{{
        {"real", space::Uniform{0, 1}, {}},
        {"whole", space::UniformInt{0, 9}, {}},
        categorical("text", {"adam", "größe/🚀"}),
        categorical("integers", {16, 9007199254740993}),
        categorical("numbers", {1, 0.5}),
        categorical("truth", {true, false}),
        categorical("mixed", {1, "one", nullptr}),
        categorical("lists", {json::array({1, 2}), json::object({{"a", 1}})}),
        categorical("huge", {18446744073709551615U}),
        {"fixed", space::Fixed{json::array({64, 32})}, {}},
    }};
    const space::Value first = space::Category{0};
    const space::Value second = space::Category{1};
    run.suggest({0.25, std::int64_t{3}, first, first, first, first, first, first, first, first});
    run.suggest({0.75, std::int64_t{9}, second, second, second, second, second, second, first, first});
    expect_round_trip(run.snapshot());
    const ResultsTables tables = read_results_file(path_);
    EXPECT_THAT(param<Numbers>(tables, "real"), ElementsAre(0.25, 0.75));
    EXPECT_THAT(param<Integers>(tables, "whole"), ElementsAre(3, 9));
    EXPECT_THAT(param<Texts>(tables, "text"), ElementsAre("adam", "größe/🚀"));
    EXPECT_THAT(param<Integers>(tables, "integers"), ElementsAre(16, 9007199254740993));
    EXPECT_THAT(param<Numbers>(tables, "numbers"), ElementsAre(1.0, 0.5));
    EXPECT_THAT(param<Truths>(tables, "truth"), ElementsAre(Truth{1}, Truth{0}));
    EXPECT_THAT(param<Texts>(tables, "mixed"), ElementsAre("1", "\"one\""));
    EXPECT_THAT(param<Texts>(tables, "lists"), ElementsAre("[1,2]", R"({"a":1})"));
    EXPECT_THAT(param<Numbers>(tables, "huge"), ElementsAre(18446744073709551615.0, 18446744073709551615.0));
    EXPECT_THAT(param<Texts>(tables, "fixed"), ElementsAre("[64,32]", "[64,32]"));
}

TEST_F(ResultsFileTest, ShowsInactiveParametersAsMissing) {
    RecordedStudy run{{
        {"real", space::Uniform{0, 1}, {}},
        {"whole", space::UniformInt{0, 9}, {}},
        categorical("text", {"adam"}),
        categorical("integers", {16}),
        categorical("truth", {true}),
        categorical("lists", {json::array({1})}),
    }};
    const space::Value active = space::Category{0};
    run.suggest({0.5, std::int64_t{3}, active, active, active, active});
    run.suggest(space::Point(6, space::Inactive{}));
    const ResultsTables tables = written(run.snapshot());
    for (const auto& [name, value] : {std::pair{"real", 0.5}, {"whole", 3.0}, {"integers", 16.0}, {"truth", 1.0}}) {
        const Numbers numbers = param<Numbers>(tables, name);
        ASSERT_EQ(numbers.size(), 2U) << name;
        EXPECT_EQ(numbers[0], value) << name;
        EXPECT_TRUE(std::isnan(numbers[1])) << name;
    }
    EXPECT_THAT(param<Texts>(tables, "text"), ElementsAre("adam", ""));
    EXPECT_THAT(param<Texts>(tables, "lists"), ElementsAre("[1]", ""));
}

TEST_F(ResultsFileTest, TakesWhateverNamesScriptsGiveTheirMetrics) {
    RecordedStudy run{{{"a/b", space::Uniform{0, 1}, {}}, {".", space::Uniform{0, 1}, {}}}};
    run.join(1);
    run.suggest({0.5, 0.25});
    run.start(0);
    const std::vector<std::string> names{"eval/loss", ".", "..", "", "%", "50%", "a%2Fb", "学習", "with space", "/"};
    study::Metrics metrics{{"loss", 1.0}};
    for (const std::string& name : names) {
        metrics.emplace_back(name, static_cast<double>(metrics.size()));
    }
    run.report(0, metrics);
    run.end(0);
    expect_round_trip(run.snapshot());
}

TEST_F(ResultsFileTest, TakesMetricNamesThatAreNoText) {
    RecordedStudy run{one_real()};
    run.join(1);
    run.suggest({0.5});
    run.start(0);
    run.report(0, {{"loss", 1.0}, {"\xFF", 2.0}, {"\xFE", 3.0}});
    run.end(0, study::Outcome::failed, "bad byte \xFF");
    const ResultsTables tables = written(run.snapshot());
    EXPECT_EQ(tables.metrics.size(), 6U);
    EXPECT_THAT(std::get<Texts>(find_column(tables.trials, "error")->data)[0], HasSubstr("bad byte \xEF\xBF\xBD"));
}

TEST_F(ResultsFileTest, ShowsAMetricThatIsNamedLikeTheLastOfAnother) {
    RecordedStudy run{one_real()};
    run.join(1);
    run.suggest({0.5});
    run.start(0);
    run.report(0, {{"loss", 1.0}, {"loss_last", 7.0}});
    run.end(0);
    const ResultsTables tables = written(run.snapshot());
    EXPECT_EQ(std::get<Numbers>(find_column(tables.metrics, "loss_last")->data), Numbers{7.0});
    EXPECT_EQ(tables.metrics.size(), 3U);
}

TEST_F(ResultsFileTest, HoldsConfigurationsAboveTheLimitOfOldAttributes) {
    ResultsTables tables;
    tables.config = std::string(200'000, 'x');
    tables.trials = {{"id", Integers{}}};
    tables.reports = {{"trial_id", Integers{}}};
    write_results_file(path_, tables);
    EXPECT_EQ(read_results_file(path_).config.size(), 200'000U);
}

TEST_F(ResultsFileTest, ReplacesAnEarlierFileAndLeavesNothingBeside) {
    RecordedStudy run{one_real()};
    write_results_file(path_, run.snapshot());
    run.join(1);
    run.evaluate({0.5}, 1.0);
    write_results_file(path_, run.snapshot());
    EXPECT_EQ(length(read_results_file(path_).trials[0].data), 1U);
    EXPECT_EQ(std::distance(std::filesystem::directory_iterator{folder_.path()}, {}), 1);
}

TEST_F(ResultsFileTest, SaysWhatIsWrongWithAFileThatIsNone) {
    const auto read = [&] { static_cast<void>(read_results_file(path_)); };
    EXPECT_THAT(read, ThrowsMessage<OutputError>(HasSubstr("results.h5: is no results file of hpogrid")));
    folder_.write("results.h5", "not HDF5");
    EXPECT_THAT(read, ThrowsMessage<OutputError>(HasSubstr("could not open the file")));
}

TEST_F(ResultsFileTest, RefusesTablesWithColumnsOfDifferentLengths) {
    ResultsTables tables;
    tables.trials = {{"id", Integers{0, 1}}, {"state", Texts{"completed"}}};
    tables.reports = {{"trial_id", Integers{}}};
    write_results_file(path_, tables);
    EXPECT_THAT([&] { static_cast<void>(read_results_file(path_)); },
                ThrowsMessage<OutputError>(HasSubstr("column 'state' has 1 rows and 'id' 2")));
}

TEST_F(ResultsFileTest, RefusesAnotherSchema) {
    ResultsTables tables;
    tables.schema_version = 2;
    write_results_file(path_, tables);
    EXPECT_THAT([&] { static_cast<void>(read_results_file(path_)); },
                ThrowsMessage<OutputError>(HasSubstr("schema 2 is not known")));
}

}  // namespace
}  // namespace hpogrid::results
