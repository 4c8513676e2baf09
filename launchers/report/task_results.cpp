#include "launchers/report/task_results.hpp"

#include "engine/core/error.hpp"
#include "launchers/report/read_metadata.hpp"

#include <fmt/format.h>

#include <optional>

namespace hpogrid::launchers {
namespace {

std::optional<Report> report_of(const Task& task, const JobMetadata& job) {
    try {
        return report_of_metadata(job.metadata, {.source = fmt::format("task {}, job {}", task.id, job.job),
                                                 .site = job.site.empty() ? task.site : job.site,
                                                 .task = fmt::format("{}", task.id),
                                                 .status = task.status});
    } catch (const InputError&) {
        return std::nullopt;
    }
}

}  // namespace

std::size_t merge_tasks(Report& report, std::span<const Task> tasks, const std::string& project) {
    std::size_t unusable = 0;
    for (const Task& task : tasks) {
        for (const JobMetadata& job : task.jobs) {
            if (job.metadata.value("project_name", nlohmann::json{}) != project) {
                continue;
            }
            if (auto found = report_of(task, job)) {
                merge(report, std::move(*found));
            } else {
                ++unusable;
            }
        }
    }
    return unusable;
}

}  // namespace hpogrid::launchers
