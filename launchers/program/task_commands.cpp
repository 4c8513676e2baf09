#include "launchers/program/task_commands.hpp"

#include "engine/config/printable.hpp"
#include "engine/core/error.hpp"
#include "engine/core/nearest.hpp"
#include "launchers/configurations/store.hpp"
#include "launchers/core/export_file.hpp"
#include "launchers/core/run_program.hpp"
#include "launchers/core/shell_text.hpp"
#include "launchers/panda/submission.hpp"
#include "launchers/program/query_options.hpp"
#include "launchers/tasks/bigpanda.hpp"
#include "launchers/tasks/pbook_command.hpp"
#include "launchers/tasks/task_table.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <iostream>
#include <memory>

namespace hpogrid::launchers {
namespace {

using nlohmann::json;

struct ShowOptions {
    QueryOptions query;
    std::string user;
    std::vector<std::string> ids;
    std::vector<std::string> statuses;
    bool metadata{false};
    bool sync{false};
    bool json{false};
    std::string output;
    std::vector<std::string> columns{"jeditaskid", "status", "taskname", "computingsite", "metastruct"};
    bool overwrite{false};
};

TaskQuery query_of(const ShowOptions& options) {
    TaskQuery query = options.query.query();
    query.user = options.user;
    query.statuses = options.statuses;
    query.fresh = options.sync;
    for (const std::string& id : options.ids) {
        query.ids.push_back(parse_task_id(id));
    }
    if (query.user.empty() && query.name.empty() && query.ids.empty()) {
        query.name = own_tasks("*");
    }
    return query;
}

json json_of(const std::vector<Task>& tasks, bool with_metadata) {
    json list = json::array();
    for (const Task& task : tasks) {
        list.push_back(task.fields);
        if (with_metadata) {
            list.back()["jobs_metadata"] = column_of(task, "metastruct");
        }
    }
    return list;
}

/// One object a task, with these columns.
json selected(const std::vector<Task>& tasks, const std::vector<std::string>& columns) {
    const json fields = tasks.empty() ? json::object() : tasks.front().fields;
    std::vector<std::string> names{"computingsite", "metastruct"};
    for (const auto& [name, value] : fields.items()) {
        names.push_back(name);
    }
    const std::vector<std::string_view> known{names.begin(), names.end()};
    for (const std::string& column : columns) {
        if (!tasks.empty() && std::ranges::find(known, column) == known.end()) {
            throw InputError{fmt::format("--outcol: tasks have no column '{}'{}, allowed: {}",
                                         config::printable(column), did_you_mean(column, known), join_names(known))};
        }
    }
    json list = json::array();
    for (const Task& task : tasks) {
        json row = json::object();
        for (const std::string& column : columns) {
            row[column] = column_of(task, column);
        }
        list.push_back(std::move(row));
    }
    return list;
}

void print_metadata(const std::vector<Task>& tasks) {
    for (const Task& task : tasks) {
        for (const JobMetadata& each : task.jobs) {
            fmt::print("\nTask {} ({}), job {}:\n{}", task.id, config::printable(task.name),
                       config::printable(each.job), file_text(each.metadata));
        }
    }
}

bool has_failures(const Task& task) {
    return task.percent_failed.value_or(0.0) > 0.0 || task.status == "failed" || task.status == "broken";
}

void print_table(const std::vector<Task>& tasks, const TaskQuery& query) {
    fmt::print("{}", render(task_table(tasks), terminal_width(), colours_wanted()));
    fmt::print("{} task{}", tasks.size(), tasks.size() == 1 ? "" : "s");
    if (query.ids.empty()) {
        fmt::print(" of the last {} days (--days), of the newest {} (--limit)", query.days, query.limit);
    }
    fmt::print("\n");
    if (const auto task = std::ranges::find_if(tasks, has_failures); task != tasks.end()) {
        fmt::print("hpogrid explain {} tells why jobs failed and what to do\n", task->id);
    }
}

int show(const ShowOptions& options) {
    const Service monitor = bigpanda();
    const TaskQuery query = query_of(options);
    std::vector<Task> tasks = query_tasks(monitor, query);
    const bool saves_metadata =
        !options.output.empty() && std::ranges::find(options.columns, "metastruct") != options.columns.end();
    if (options.metadata || saves_metadata) {
        query_metadata(monitor, tasks, query.fresh);
    }
    if (options.json) {
        fmt::print("{}", file_text(json_of(tasks, options.metadata)));
    } else {
        print_table(tasks, query);
        if (options.metadata) {
            print_metadata(tasks);
        }
    }
    if (!options.output.empty()) {
        write_export(options.output, file_text(selected(tasks, options.columns)), options.overwrite);
        fmt::print(stderr, "Wrote {}\n", config::printable_path(options.output));
    }
    return 0;
}

struct ControlOptions {
    std::vector<std::string> ids;
    bool yes{false};
    bool dry_run{false};
};

/// Asks where there is somebody to ask.
bool is_wanted(TaskControl control, const ControlOptions& options) {
    if (options.yes || ::isatty(STDIN_FILENO) != 1) {
        return true;
    }
    fmt::print(stderr, "{} task {}? [y/N] ", control == TaskControl::kill ? "Kill" : "Retry",
               fmt::join(options.ids, ", "));
    std::string answer;
    std::getline(std::cin, answer);
    return answer == "y" || answer == "Y" || answer == "yes";
}

int apply(TaskControl control, const ControlOptions& options) {
    std::vector<std::vector<std::string>> commands;
    for (const std::string& id : options.ids) {
        commands.push_back(pbook_command(control, parse_task_id(id)));
    }
    if (options.dry_run) {
        for (const auto& command : commands) {
            fmt::print("{}\n", shell_command(command));
        }
        return 0;
    }
    check_panda_client("pbook");
    if (!is_wanted(control, options)) {
        fmt::print(stderr, "hpogrid: nothing was done\n");
        return 1;
    }
    std::vector<std::string> failed;
    for (std::size_t i = 0; i < commands.size(); ++i) {
        if (run_program(commands[i], ".") != 0) {
            failed.push_back(options.ids[i]);
        }
    }
    if (!failed.empty()) {
        throw SubmissionError{fmt::format("pbook could not {} task {} (see above)",
                                          control == TaskControl::kill ? "kill" : "retry", fmt::join(failed, ", "))};
    }
    return 0;
}

void add_show(CommandTree& tree, CLI::App& group) {
    const auto options = std::make_shared<ShowOptions>();
    CLI::App& app = tree.add_command(group, "show", "Show your tasks on the grid, the newest first",
                                     "  hpogrid tasks show --days 7\n  hpogrid tasks show --taskname '*.my_project.*' "
                                     "--status running,done\n  hpogrid tasks show --jeditaskid 41234567 --metadata\n",
                                     [options] { return show(*options); });
    add_query_options(app, options->query);
    app.add_option("-u,--username", options->user, "Tasks of this user, as BigPanDA writes the name; may hold *")
        ->type_name("NAME");
    app.add_option("-i,--jeditaskid", options->ids, "Only these tasks, however old")->type_name("ID")->delimiter(',');
    CLI::Option* status = app.add_option("-s,--status", options->statuses, "Only tasks in one of these states")
                              ->type_name("STATUS")
                              ->delimiter(',');
    tree.complete(status, [] {
        return std::vector<std::string>{"running", "pending", "done",    "finished",
                                        "failed",  "broken",  "aborted", "exhausted"};
    });
    app.add_flag("-m,--metadata", options->metadata, "Print what the jobs found, too");
    app.add_flag("--sync", options->sync, "Take no answer from the server's cache");
    app.add_flag("--json", options->json, "Print JSON");
    app.add_option("-o,--output,--outname", options->output, "Write a JSON file with an object a task")
        ->type_name("FILE");
    app.add_option("-c,--outcol", options->columns,
                   fmt::format("Columns of --output [default {}]", fmt::join(options->columns, ",")))
        ->type_name("COLUMN")
        ->delimiter(',');
    app.add_flag("--overwrite", options->overwrite, "Replace an existing file");
}

void add_control(CommandTree& tree, CLI::App& group, TaskControl control, const char* name, const char* summary) {
    const auto options = std::make_shared<ControlOptions>();
    CLI::App& app = tree.add_command(group, name, summary, fmt::format("  hpogrid tasks {} 41234567\n", name),
                                     [control, options] { return apply(control, *options); });
    app.add_option("jeditaskid", options->ids, "Numbers of the tasks")->required()->type_name("ID")->delimiter(',');
    app.add_flag("-y,--yes", options->yes, "Do not ask; on no terminal nothing is asked");
    app.add_flag("--dry-run", options->dry_run, "Show the commands; do nothing");
}

}  // namespace

void add_task_commands(CommandTree& tree) {
    CLI::App& group = tree.add_group(tree.root(), "tasks", "Show, kill and retry tasks on the grid",
                                     "  hpogrid tasks show --days 7\n  hpogrid tasks retry 41234567\n");
    add_show(tree, group);
    add_control(tree, group, TaskControl::kill, "kill", "Kill tasks");
    add_control(tree, group, TaskControl::retry, "retry", "Retry what failed in tasks");
}

}  // namespace hpogrid::launchers
