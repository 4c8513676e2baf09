#pragma once

#include "launchers/program/command_tree.hpp"
#include "launchers/tasks/task_query.hpp"

#include <optional>
#include <string>

namespace hpogrid::launchers {

/// The options that choose tasks, as every command has them that asks the monitor. Nothing where one was not given.
struct QueryOptions {
    std::optional<unsigned> limit;
    std::optional<unsigned> days;
    std::string name;
    std::string range;

    [[nodiscard]] bool are_given() const { return limit || days || !name.empty() || !range.empty(); }
    /// What they choose. Throws InputError.
    [[nodiscard]] TaskQuery query() const;
};

/// Adds --limit, --days, --taskname and --range.
void add_query_options(CLI::App& app, QueryOptions& options);

/// Pattern of the names of one's own tasks: "user.<account>.<rest>". Throws InputError where the environment names no
/// account.
[[nodiscard]] std::string own_tasks(const std::string& rest);

}  // namespace hpogrid::launchers
