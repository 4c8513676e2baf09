#pragma once

#include "launchers/report/report.hpp"
#include "launchers/tasks/task.hpp"

#include <span>
#include <string>

namespace hpogrid::launchers {

/// Merges what the jobs of these tasks found, every job of every task, as far as it belongs to the project. Answers how
/// many jobs of the project left metadata that cannot be used; they are left out. Throws InputError where jobs are not
/// of one search.
[[nodiscard]] std::size_t merge_tasks(Report& report, std::span<const Task> tasks, const std::string& project);

}  // namespace hpogrid::launchers
