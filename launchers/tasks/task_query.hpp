#pragma once

#include "launchers/http/service.hpp"
#include "launchers/tasks/task.hpp"

#include <cstdint>
#include <ctime>
#include <limits>
#include <string>
#include <string_view>
#include <vector>

namespace hpogrid::launchers {

/// Numbers of tasks, both ends among them.
struct TaskRange {
    std::int64_t first{0};
    std::int64_t last{std::numeric_limits<std::int64_t>::max()};
};

/// "FIRST:LAST" or, as the original wrote it, "FIRST-LAST"; either end may be left out. Throws InputError.
[[nodiscard]] TaskRange parse_range(std::string_view text);

/// The smallest number that is a task's: the PanDA client takes smaller ones for numbers of requests.
inline constexpr std::int64_t first_task_id = 10'000'000;

/// Throws InputError unless the text is the number of a task.
[[nodiscard]] std::int64_t parse_task_id(std::string_view text);

/// Which tasks. Whatever is empty does not matter.
struct TaskQuery {
    std::string user{};  ///< the owner's name as the monitor writes it; may hold *
    std::string name{};  ///< pattern as a shell's: * ? [abc]
    std::vector<std::int64_t> ids{};
    std::vector<std::string> statuses{};
    TaskRange range{};
    unsigned limit{1000};  ///< the newest so many
    unsigned days{30};     ///< changed in the last so many
    bool fresh{false};     ///< no answer from the monitor's cache
};

/// What the monitor is asked (its address /tasks/). It knows only * of the wildcards.
[[nodiscard]] Parameters parameters_of(const TaskQuery& query, std::time_t now);

/// Whether a task that the monitor answers is one of them.
[[nodiscard]] bool matches(const TaskQuery& query, const Task& task);

}  // namespace hpogrid::launchers
