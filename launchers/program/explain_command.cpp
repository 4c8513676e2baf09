#include "launchers/program/explain_command.hpp"

#include "engine/config/printable.hpp"
#include "launchers/configurations/store.hpp"
#include "launchers/tasks/bigpanda.hpp"
#include "launchers/tasks/error_digest.hpp"

#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <memory>

namespace hpogrid::launchers {
namespace {

using nlohmann::json;

struct ExplainOptions {
    std::string what;
    bool json{false};
};

/// Numbers of tasks are longer than any code.
bool is_task(const std::string& text) {
    return text.size() >= 8 && std::ranges::all_of(text, [](char c) { return c >= '0' && c <= '9'; });
}

json json_of(const GridError& error) {
    return {{"component", error.component}, {"code", error.code}, {"what", error.what}, {"do", error.todo}};
}

int explain_code(const ExplainOptions& options) {
    json list = json::array();
    for (const GridError& error : errors_with_code(options.what)) {
        list.push_back(json_of(error));
        if (!options.json) {
            fmt::print("{} {}: {}\n  {}\n", error.component, error.code, error.what, error.todo);
        }
    }
    if (options.json) {
        fmt::print("{}", file_text(list));
    }
    return 0;
}

json json_of(const JobsError& error) {
    json object = {{"component", error.component},
                   {"code", error.code},
                   {"diagnostics", error.diagnostics},
                   {"jobs", error.jobs},
                   {"sites", error.sites},
                   {"what", nullptr},
                   {"do", nullptr}};
    if (error.known) {
        object["what"] = error.known->what;
        object["do"] = error.known->todo;
    }
    return object;
}

void print(const JobsError& error) {
    fmt::print("\n{} job{} at {}: {} {}\n", error.jobs.size(), error.jobs.size() == 1 ? "" : "s",
               error.sites.empty() ? "no site" : config::printable(fmt::format("{}", fmt::join(error.sites, ", "))),
               error.component, error.code);
    if (!error.diagnostics.empty()) {
        fmt::print("  PanDA says: {}\n", config::printable(error.diagnostics, 500));
    }
    if (error.known) {
        fmt::print("  {}\n  {}\n", error.known->what, error.known->todo);
    }
}

int explain_task(const ExplainOptions& options) {
    const Service monitor = bigpanda();
    const std::int64_t task = parse_task_id(options.what);
    const std::vector<FailedJob> jobs = query_failed_jobs(monitor, task);
    const std::vector<JobsError> errors = errors_of(jobs);
    if (options.json) {
        json list = json::array();
        std::ranges::transform(errors, std::back_inserter(list), [](const JobsError& error) { return json_of(error); });
        fmt::print("{}", file_text(list));
        return 0;
    }
    fmt::print("{} job{} of task {} did not succeed\n", jobs.size(), jobs.size() == 1 ? "" : "s", task);
    std::ranges::for_each(errors, print);
    fmt::print("\n{}\n", page_of_task(monitor, task));
    return 0;
}

}  // namespace

void add_explain_command(CommandTree& tree) {
    const auto options = std::make_shared<ExplainOptions>();
    CLI::App& app = tree.add_command(
        tree.root(), "explain", "Tell what an error on the grid means and what to do about it",
        "  hpogrid explain 1305\n  hpogrid explain jobdispatcher:100\n  hpogrid explain 41234567\n",
        [options] { return is_task(options->what) ? explain_task(*options) : explain_code(*options); });
    app.add_option("what", options->what, "Code of an error, or number of a task whose failed jobs are to be explained")
        ->required()
        ->type_name("CODE | TASK");
    app.add_flag("--json", options->json, "Print JSON");
}

}  // namespace hpogrid::launchers
