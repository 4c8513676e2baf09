#include "launchers/tasks/bigpanda.hpp"

#include "launchers/http/json_answer.hpp"

#include <fmt/format.h>

#include <ctime>

namespace hpogrid::launchers {
namespace {

/// A job's metadata may have a MiB, and a task thousands of jobs.
constexpr std::size_t tasks_a_question = 20;

nlohmann::json query_jobs(const Service& monitor, std::int64_t task) {
    const Parameters parameters{{"json", "1"}, {"jeditaskid", fmt::format("{}", task)}, {"outputs", "jobs"}};
    return json_get(monitor, {.path = "/jobs/", .parameters = parameters});
}

}  // namespace

Service bigpanda() {
    return service_from_environment("BigPanDA", "HPOGRID_BIGPANDA_URL", "https://bigpanda.cern.ch");
}

std::vector<Task> query_tasks(const Service& monitor, const TaskQuery& query) {
    std::vector<Task> tasks =
        tasks_of(json_get(monitor, {.path = "/tasks/", .parameters = parameters_of(query, std::time(nullptr))}));
    std::erase_if(tasks, [&](const Task& task) { return !matches(query, task); });
    return tasks;
}

void query_metadata(const Service& monitor, std::vector<Task>& tasks, bool fresh) {
    for (std::size_t begin = 0; begin < tasks.size(); begin += tasks_a_question) {
        TaskQuery query{.fresh = fresh};
        for (std::size_t i = begin; i < std::min(begin + tasks_a_question, tasks.size()); ++i) {
            query.ids.push_back(tasks[i].id);
        }
        Parameters parameters = parameters_of(query, std::time(nullptr));
        parameters.emplace_back("extra", "metastruct");
        add_metadata(tasks, json_get(monitor, {.path = "/tasks/", .parameters = parameters}));
    }
}

void query_sites(const Service& monitor, std::vector<Task>& tasks) {
    for (Task& task : tasks) {
        if (!task.jobs.empty()) {
            add_sites(task, query_jobs(monitor, task.id));
        }
    }
}

std::vector<FailedJob> query_failed_jobs(const Service& monitor, std::int64_t task) {
    return failed_jobs_of(query_jobs(monitor, task));
}

std::string page_of_task(const Service& monitor, std::int64_t task) {
    return fmt::format("{}/task/{}/", monitor.url, task);
}

}  // namespace hpogrid::launchers
