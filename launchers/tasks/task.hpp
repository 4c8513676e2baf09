#pragma once

#include <nlohmann/json.hpp>

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace hpogrid::launchers {

/// What the jobs of a task left: their userJobMetadata.json, by PanDA's number of the job.
struct JobMetadata {
    std::string job;
    nlohmann::json metadata;
    std::string site{};  ///< "" = not asked
};

/// A task as the monitor lists it.
struct Task {
    std::int64_t id{0};
    std::string name{};  ///< "user.<account>.….<time>/"
    std::string status{};
    std::string site{};                        ///< "" where PanDA chooses
    std::optional<double> percent_finished{};  ///< of its jobs' inputs
    std::optional<double> percent_failed{};
    nlohmann::json fields{};  ///< all that the monitor says
    std::vector<JobMetadata> jobs{};
};

/// The list of tasks that BigPanDA answers, the newest first. Throws ServiceError where it is none.
[[nodiscard]] std::vector<Task> tasks_of(const nlohmann::json& answer);

/// Puts what jobs left, {job: {"user_job_metadata": {…}}}, into their task. Jobs that left nothing, as those of other
/// programs, are left out.
void add_jobs(Task& task, const nlohmann::json& jobs);

/// The same for the `jobs_metadata` of each task that BigPanDA answers.
void add_metadata(std::vector<Task>& tasks, const nlohmann::json& answer);

/// Puts the sites of BigPanDA's list of jobs into the jobs of their task.
void add_sites(Task& task, const nlohmann::json& answer);

/// A column of a task: a field of the monitor, or one of the original's names for them, `computingsite` and
/// `metastruct`. Null where there is none.
[[nodiscard]] nlohmann::json column_of(const Task& task, const std::string& column);

/// A job that did not succeed.
struct FailedJob {
    std::string job;
    std::string site;
    std::string status;
    nlohmann::json fields;  ///< all that the monitor says, `piloterrorcode` and its like among it
};

/// The jobs of BigPanDA's answer that failed, were cancelled or closed. Throws ServiceError where it is none.
[[nodiscard]] std::vector<FailedJob> failed_jobs_of(const nlohmann::json& answer);

}  // namespace hpogrid::launchers
