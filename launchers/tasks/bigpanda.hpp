#pragma once

#include "launchers/tasks/task_query.hpp"

#include <cstdint>
#include <vector>

namespace hpogrid::launchers {

/// The monitor of PanDA: https://bigpanda.cern.ch, or $HPOGRID_BIGPANDA_URL. It asks for no proof of who asks.
[[nodiscard]] Service bigpanda();

/// The tasks that match, the newest first. Throws ServiceError.
[[nodiscard]] std::vector<Task> query_tasks(const Service& monitor, const TaskQuery& query);

/// Asks for the metadata of these tasks' jobs, some tasks at a time: of more than 100 the monitor answers none.
/// Throws ServiceError.
void query_metadata(const Service& monitor, std::vector<Task>& tasks, bool fresh);

/// Asks where the jobs of these tasks ran, one question a task. Throws ServiceError.
void query_sites(const Service& monitor, std::vector<Task>& tasks);

/// The jobs of a task that did not succeed. Throws ServiceError.
[[nodiscard]] std::vector<FailedJob> query_failed_jobs(const Service& monitor, std::int64_t task);

/// Where people look at a task.
[[nodiscard]] std::string page_of_task(const Service& monitor, std::int64_t task);

}  // namespace hpogrid::launchers
