#include "launchers/tasks/task.hpp"

#include "launchers/http/service.hpp"

#include <algorithm>
#include <array>
#include <string_view>

namespace hpogrid::launchers {
namespace {

using nlohmann::json;

std::string text(const json& object, const char* key) {
    const json value = object.value(key, json{});
    return value.is_string() ? value.get<std::string>() : value.is_null() ? "" : value.dump();
}

/// Where it stands: in the task itself, or in its `dsinfo`.
std::optional<double> number(const json& task, const char* key) {
    const json datasets = task.value("dsinfo", json{});
    for (const json* object : {&task, &datasets}) {
        if (object->is_object() && object->contains(key) && object->at(key).is_number()) {
            return object->at(key).get<double>();
        }
    }
    return std::nullopt;
}

Task task_of(const json& fields) {
    if (!fields.is_object() || !fields.value("jeditaskid", json{}).is_number_integer()) {
        throw ServiceError{"BigPanDA answers something else than a list of tasks with jeditaskid"};
    }
    Task task;
    task.id = fields.at("jeditaskid").get<std::int64_t>();
    task.name = text(fields, "taskname");
    task.status = text(fields, "status");
    task.site = text(fields, "site");
    task.percent_finished = number(fields, "pctfinished");
    task.percent_failed = number(fields, "pctfailed");
    task.fields = fields;
    task.fields.erase("jobs_metadata");
    return task;
}

bool is_unsuccessful(std::string_view status) {
    constexpr std::array<std::string_view, 3> unsuccessful{"failed", "cancelled", "closed"};
    return std::ranges::find(unsuccessful, status) != unsuccessful.end();
}

json jobs_of(const json& answer) {
    json jobs = answer.is_object() ? answer.value("jobs", json{}) : json{};
    if (!jobs.is_array()) {
        throw ServiceError{"BigPanDA answers something else than the jobs of a task"};
    }
    return jobs;
}

}  // namespace

std::vector<Task> tasks_of(const json& answer) {
    if (!answer.is_array()) {
        throw ServiceError{"BigPanDA answers something else than a list of tasks"};
    }
    std::vector<Task> tasks;
    for (const json& fields : answer) {
        tasks.push_back(task_of(fields));
    }
    std::ranges::stable_sort(tasks, std::ranges::greater{}, &Task::id);
    return tasks;
}

void add_jobs(Task& task, const json& jobs) {
    const json objects = jobs.is_object() ? jobs : json::object();
    for (const auto& [job, metadata] : objects.items()) {
        const json user = metadata.is_object() ? metadata.value("user_job_metadata", json{}) : json{};
        if (user.is_object() && !user.empty()) {
            task.jobs.push_back({job, user});
        }
    }
}

void add_metadata(std::vector<Task>& tasks, const json& answer) {
    for (const json& fields : answer.is_array() ? answer : json::array()) {
        const json jobs = fields.is_object() ? fields.value("jobs_metadata", json{}) : json{};
        const auto task = std::ranges::find_if(tasks, [&](const Task& each) {
            return fields.is_object() && fields.value("jeditaskid", json{}) == each.id;
        });
        if (task != tasks.end()) {
            add_jobs(*task, jobs);
        }
    }
}

void add_sites(Task& task, const json& answer) {
    for (const json& fields : jobs_of(answer)) {
        const std::string number = fields.is_object() ? text(fields, "pandaid") : "";
        const auto job = std::ranges::find(task.jobs, number, &JobMetadata::job);
        if (job != task.jobs.end()) {
            job->site = text(fields, "computingsite");
        }
    }
}

json column_of(const Task& task, const std::string& column) {
    if (column == "metastruct") {
        json jobs = json::object();
        for (const JobMetadata& each : task.jobs) {
            jobs[each.job] = each.metadata;
        }
        return jobs;
    }
    return task.fields.value(column == "computingsite" ? "site" : column, json{});
}

std::vector<FailedJob> failed_jobs_of(const json& answer) {
    std::vector<FailedJob> failed;
    for (const json& fields : jobs_of(answer)) {
        const std::string status = fields.is_object() ? text(fields, "jobstatus") : "";
        if (is_unsuccessful(status)) {
            failed.push_back({text(fields, "pandaid"), text(fields, "computingsite"), status, fields});
        }
    }
    return failed;
}

}  // namespace hpogrid::launchers
