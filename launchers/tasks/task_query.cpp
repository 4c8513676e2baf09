#include "launchers/tasks/task_query.hpp"

#include "engine/config/printable.hpp"
#include "engine/core/error.hpp"

#include <fmt/format.h>
#include <fnmatch.h>

#include <algorithm>
#include <charconv>
#include <optional>

namespace hpogrid::launchers {
namespace {

std::optional<std::int64_t> parse_number(std::string_view text) {
    std::int64_t number = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
    const bool whole = error == std::errc{} && end == text.data() + text.size() && number >= 0;
    return whole ? std::optional{number} : std::nullopt;
}

/// With * for whatever the monitor would not understand.
std::string for_the_monitor(const std::string& pattern) {
    std::string text;
    for (std::size_t at = 0; at < pattern.size(); ++at) {
        const std::size_t end = pattern[at] == '[' ? pattern.find(']', at + 2) : std::string::npos;
        const bool is_wild = pattern[at] == '?' || end != std::string::npos;
        if (!is_wild) {
            text += pattern[at];
        } else if (!text.ends_with('*')) {
            text += '*';
        }
        at = end == std::string::npos ? at : end;
    }
    // Names of tasks end in '/', which nobody writes.
    return text.ends_with('*') || text.ends_with('/') ? text : text + "*";
}

bool matches_name(const std::string& pattern, const std::string& name) {
    const std::string without_end = name.substr(0, name.size() - static_cast<std::size_t>(name.ends_with('/')));
    return ::fnmatch(pattern.c_str(), name.c_str(), 0) == 0 || ::fnmatch(pattern.c_str(), without_end.c_str(), 0) == 0;
}

template <class Values, class Value>
bool is_among(const Values& values, const Value& value) {
    return values.empty() || std::ranges::find(values, value) != values.end();
}

}  // namespace

TaskRange parse_range(std::string_view text) {
    const std::size_t middle = text.find_first_of(":-");
    const std::string_view first = text.substr(0, middle);
    const std::string_view last = middle == std::string_view::npos ? "" : text.substr(middle + 1);
    TaskRange range;
    const auto read = [](std::string_view part, std::int64_t& end) {
        const auto number = parse_number(part);
        end = number.value_or(end);
        return part.empty() || number;
    };
    const bool fine = middle != std::string_view::npos && text.size() > 1 && read(first, range.first) &&
                      read(last, range.last) && range.first <= range.last;
    if (!fine) {
        throw InputError{fmt::format("--range: '{}' is no range of tasks, allowed: FIRST:LAST, FIRST: or :LAST",
                                     config::printable(text))};
    }
    return range;
}

std::int64_t parse_task_id(std::string_view text) {
    const auto id = parse_number(text);
    if (!id || *id < first_task_id) {
        throw InputError{fmt::format("'{}' is no number of a task, allowed: a jeditaskid, from {} on",
                                     config::printable(text), first_task_id)};
    }
    return *id;
}

Parameters parameters_of(const TaskQuery& query, std::time_t now) {
    Parameters parameters{
        {"json", "1"}, {"limit", fmt::format("{}", query.limit)}, {"days", fmt::format("{}", query.days)}};
    const auto add = [&](const char* name, const std::string& value) {
        if (!value.empty()) {
            parameters.emplace_back(name, value);
        }
    };
    add("username", query.user);
    add("taskname", query.name.empty() ? "" : for_the_monitor(query.name));
    add("jeditaskid", fmt::format("{}", fmt::join(query.ids, "|")));
    add("status", fmt::format("{}", fmt::join(query.statuses, ",")));
    // Nobody has asked exactly this before.
    add("timestamp", query.fresh ? fmt::format("{}", now) : "");
    return parameters;
}

bool matches(const TaskQuery& query, const Task& task) {
    return is_among(query.ids, task.id) && is_among(query.statuses, task.status) && task.id >= query.range.first &&
           task.id <= query.range.last && (query.name.empty() || matches_name(query.name, task.name));
}

}  // namespace hpogrid::launchers
