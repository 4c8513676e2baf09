#include "launchers/tasks/task_table.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <utility>

namespace hpogrid::launchers {
namespace {

constexpr std::string_view bold_blue = "1;34";
constexpr std::string_view cyan = "36";
constexpr std::string_view magenta = "35";
constexpr std::string_view green = "32";
constexpr std::string_view yellow = "33";
constexpr std::string_view red = "31";
constexpr std::string_view bold_red = "1;31";

constexpr std::array<std::pair<std::string_view, std::string_view>, 13> styles{{{"running", bold_blue},
                                                                                {"submitting", cyan},
                                                                                {"registered", magenta},
                                                                                {"ready", magenta},
                                                                                {"pending", magenta},
                                                                                {"scouting", bold_blue},
                                                                                {"done", green},
                                                                                {"finished", yellow},
                                                                                {"paused", yellow},
                                                                                {"exhausted", red},
                                                                                {"failed", red},
                                                                                {"aborted", red},
                                                                                {"broken", bold_red}}};

std::string percent(const std::optional<double>& value) {
    return value ? fmt::format("{:.0f} %", *value) : "";
}

}  // namespace

std::string_view style_of_status(std::string_view status) noexcept {
    const auto* const found = std::ranges::find(styles, status, &std::pair<std::string_view, std::string_view>::first);
    return found == styles.end() ? std::string_view{} : found->second;
}

TextTable task_table(std::span<const Task> tasks) {
    TextTable table{{"jeditaskid", "status", "finished", "failed", "taskname"}, {}, {}};
    for (const Task& task : tasks) {
        table.rows.push_back({fmt::format("{}", task.id), task.status, percent(task.percent_finished),
                              percent(task.percent_failed), task.name});
        table.styles.emplace_back(style_of_status(task.status));
    }
    return table;
}

}  // namespace hpogrid::launchers
