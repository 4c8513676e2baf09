#include "launchers/tasks/task_query.hpp"

#include "launchers/tasks/pbook_command.hpp"
#include "launchers/tasks/task_table.hpp"
#include "tests/unit/config/refusal.hpp"

#include <gmock/gmock.h>

namespace hpogrid::launchers {
namespace {

using config::refusal;
using nlohmann::json;
using testing::Contains;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::Key;
using testing::Not;
using testing::Pair;

Task named(const std::string& name, std::int64_t id = 50'000'000) {
    Task task;
    task.id = id;
    task.name = name;
    return task;
}

TEST(TaskQuery, AsksTheMonitorForWhatMatters) {
    TaskQuery query{
        .user = "Test Er", .name = "user.x.*", .ids = {10'000'001, 10'000'002}, .statuses = {"done", "failed"}};
    query.limit = 5;
    query.days = 7;
    EXPECT_THAT(parameters_of(query, 99),
                ElementsAre(Pair("json", "1"), Pair("limit", "5"), Pair("days", "7"), Pair("username", "Test Er"),
                            Pair("taskname", "user.x.*"), Pair("jeditaskid", "10000001|10000002"),
                            Pair("status", "done,failed")));
    query.fresh = true;
    EXPECT_THAT(parameters_of(query, 99), Contains(Pair("timestamp", "99")));
    EXPECT_THAT(parameters_of(TaskQuery{}, 99), Not(Contains(Key("taskname"))));
}

TEST(TaskQuery, AsksWithTheOnlyWildcardThatTheMonitorKnows) {
    const auto asked = [](const std::string& pattern) {
        return parameters_of(TaskQuery{.name = pattern}, 0).back().second;
    };
    EXPECT_EQ(asked("a.?.b/"), "a.*.b/");
    EXPECT_EQ(asked("a[xy]?c*"), "a*c*");
    EXPECT_EQ(asked("a[]x]c"), "a*c*");
    EXPECT_EQ(asked("a[x"), "a[x*");
}

TEST(TaskQuery, MatchesNamesWithOrWithoutTheirSlash) {
    EXPECT_TRUE(matches({.name = "user.x.out.?"}, named("user.x.out.1/")));
    EXPECT_TRUE(matches({.name = "user.x.out.1/"}, named("user.x.out.1/")));
    EXPECT_FALSE(matches({.name = "user.x.out"}, named("user.x.out.1/")));
    EXPECT_TRUE(matches({}, named("")));
}

TEST(TaskQuery, TakesRangesWithOpenEnds) {
    const auto holds = [](const char* range, std::int64_t id) {
        return matches({.range = parse_range(range)}, named("", id));
    };
    EXPECT_TRUE(holds("5:7", 5) && holds("5:7", 7) && !holds("5:7", 8) && !holds("5:7", 4));
    EXPECT_TRUE(holds("5-7", 6) && holds("5:", 1'000'000) && holds(":7", 0) && !holds("-7", 8));
    for (const char* wrong : {"", ":", "-", "5", "7:5", "a:b", "5:7:9", "1:99999999999999999999"}) {
        EXPECT_THAT(refusal([&] { static_cast<void>(parse_range(wrong)); }), HasSubstr("no range of tasks")) << wrong;
    }
}

TEST(TaskQuery, RefusesNumbersThatTheClientWouldTakeForRequests) {
    EXPECT_EQ(parse_task_id("10000000"), 10'000'000);
    for (const char* wrong : {"9999999", "", "-50000000", "5e9", "all", "50000000)"}) {
        EXPECT_THAT(refusal([&] { static_cast<void>(parse_task_id(wrong)); }), HasSubstr("no number of a task"))
            << wrong;
    }
}

TEST(Task, ReadsProgressWhereverTheMonitorPutsIt) {
    const auto tasks = tasks_of(json::parse(R"([
        {"jeditaskid": 1, "taskname": "a", "status": "done", "dsinfo": {"pctfinished": 50, "pctfailed": 1}},
        {"jeditaskid": 3, "taskname": "c", "status": "odd", "site": null},
        {"jeditaskid": 2, "taskname": "b", "status": "failed", "pctfinished": 25.0}])"));
    EXPECT_THAT(tasks,
                ElementsAre(testing::Field(&Task::id, 3), testing::Field(&Task::id, 2), testing::Field(&Task::id, 1)));
    EXPECT_EQ(tasks[2].percent_finished, 50.0);
    EXPECT_EQ(tasks[1].percent_finished, 25.0);
    EXPECT_EQ(tasks[0].percent_finished, std::nullopt);
    const TextTable table = task_table(tasks);
    EXPECT_THAT(table.rows[1], ElementsAre("2", "failed", "25 %", "", "b"));
    EXPECT_THAT(table.styles, ElementsAre("", "31", "32"));
}

TEST(Task, KeepsTheMetadataOfEveryJob) {
    auto tasks = tasks_of(json::parse(R"([{"jeditaskid": 1, "site": "S"}, {"jeditaskid": 2}])"));
    add_metadata(tasks, json::parse(R"([{"jeditaskid": 1, "jobs_metadata": {
        "11": {"user_job_metadata": {"a": 1}}, "12": {"user_job_metadata": {"a": 2}}, "13": {"user_job_metadata": {}},
        "14": {}, "15": null}}, {"jeditaskid": 9, "jobs_metadata": {"1": {}}}, 7])"));
    EXPECT_TRUE(tasks[0].jobs.empty());
    ASSERT_EQ(tasks[1].jobs.size(), 2U);
    EXPECT_EQ(tasks[1].jobs[1].metadata.at("a"), 2);
    EXPECT_EQ(column_of(tasks[1], "metastruct"), json::parse(R"({"11": {"a": 1}, "12": {"a": 2}})"));
    EXPECT_EQ(column_of(tasks[1], "computingsite"), "S");
    EXPECT_EQ(column_of(tasks[1], "none"), json{});
}

TEST(PbookCommand, NamesOneTask) {
    EXPECT_THAT(pbook_command(TaskControl::kill, 50'000'001), ElementsAre("pbook", "-c", "kill(50000001)"));
    EXPECT_THAT(pbook_command(TaskControl::retry, 50'000'001), ElementsAre("pbook", "-c", "retry(50000001)"));
}

}  // namespace
}  // namespace hpogrid::launchers
