#pragma once

#include "launchers/core/text_table.hpp"
#include "launchers/tasks/task.hpp"

#include <span>
#include <string_view>

namespace hpogrid::launchers {

/// The colour of a task in this status, as PanDA's own tools paint it: ANSI parameters of a terminal ("1;34"), "" for
/// a status that has none.
[[nodiscard]] std::string_view style_of_status(std::string_view status) noexcept;

/// For the terminal: number, status, how much is done and failed, name.
[[nodiscard]] TextTable task_table(std::span<const Task> tasks);

}  // namespace hpogrid::launchers
