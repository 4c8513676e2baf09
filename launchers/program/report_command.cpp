#include "launchers/program/report_command.hpp"

#include "engine/config/printable.hpp"
#include "engine/config/text_file.hpp"
#include "engine/core/error.hpp"
#include "engine/results/file.hpp"
#include "launchers/core/folders.hpp"
#include "launchers/core/text_table.hpp"
#include "launchers/projects/project_store.hpp"
#include "launchers/report/html_page.hpp"
#include "launchers/report/read_report.hpp"
#include "launchers/report/write_report.hpp"

#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <memory>
#include <optional>
#include <span>
#include <system_error>

namespace hpogrid::launchers {
namespace fs = std::filesystem;
namespace {

struct ReportOptions {
    std::vector<std::string> sources;
    std::vector<std::string> extra;
    std::string outname{"hpo_result"};
    std::optional<double> lowest;
    std::optional<double> highest;
    bool to_json{false};
    bool to_csv{false};
    bool to_html{false};
    bool to_pcp{false};
    bool summary{false};
};

bool is_file_name(const std::string& source) {
    return source.ends_with(".h5") || source.ends_with(".json") || source.find('/') != std::string::npos;
}

/// The results that local runs of a project have left.
std::vector<fs::path> results_of_project(const Workspace& workspace, const std::string& project) {
    const fs::path runs = workspace.base / "runs" / project;
    std::vector<fs::path> files;
    std::error_code error;
    for (fs::directory_iterator entry{runs, error}, end; !error && entry != end; entry.increment(error)) {
        if (const fs::path file = entry->path() / "results.h5"; is_there(file)) {
            files.push_back(file);
        }
    }
    if (files.empty()) {
        throw InputError{
            fmt::format("{}: there are no results of project '{}'{}, allowed: a project that has run here, or "
                        "results files *.h5",
                        config::printable_path(runs), config::printable(project),
                        config::nearest_entry(workspace.base / "runs", project))};
    }
    std::ranges::sort(files);
    return files;
}

void save(const std::string& name, const std::string& text) {
    results::replace_file(name, std::as_bytes(std::span{text}));
    fmt::print("Wrote {}\n", config::printable_path(name));
}

std::string json_text(const nlohmann::ordered_json& value) {
    return value.dump(2, ' ', false, nlohmann::json::error_handler_t::replace) + "\n";
}

void explain(const Report& report) {
    fmt::print("{} successful trial{} of {} job{}, {} '{}'\n", report.trials.size(),
               report.trials.size() == 1 ? "" : "s", report.jobs.size(), report.jobs.size() == 1 ? "" : "s",
               report.minimize ? "smallest" : "largest", config::printable(report.metric));
    if (report.duplicates > 0) {
        fmt::print("{} trials stood in several files and count once\n", report.duplicates);
    }
}

int run(const Workspace& workspace, const ReportOptions& options) {
    std::vector<fs::path> files;
    for (const std::string& source : options.sources) {
        if (is_file_name(source)) {
            files.emplace_back(source);
        } else {
            std::ranges::move(results_of_project(workspace, source), std::back_inserter(files));
        }
    }
    Report report = read_reports(files);
    limit_scores(report, options.lowest, options.highest);
    const ReportTable table = tabulate(report, options.extra);
    fmt::print("{}", render(terminal_table(table), terminal_width()));
    explain(report);
    if (options.to_json) {
        save(options.outname + ".json", json_text(json_of(table)));
    }
    if (options.to_csv) {
        save(options.outname + ".csv", csv_text(table));
    }
    if (options.to_html) {
        save(options.outname + ".html", html_page(report, table, HtmlParts::all));
    }
    if (options.to_pcp) {
        save(options.outname + "_pcp.html", html_page(report, table, HtmlParts::parallel_coordinates));
    }
    if (options.summary) {
        save(options.outname + "_summary.json", json_text(summary_of(report)));
    }
    return 0;
}

}  // namespace

void add_report_command(CommandTree& tree, const Workspace& workspace) {
    const auto options = std::make_shared<ReportOptions>();
    CLI::App& app = tree.add_command(tree.root(), "report",
                                     "Show the results of all runs of a project, or of results files, best first",
                                     "  hpogrid report my_project --to_csv --outname best\n  hpogrid report job1.h5 "
                                     "job2.h5 --extra time_s --max 0.1\n",
                                     [workspace, options] { return run(workspace, *options); });
    CLI::Option* sources =
        app.add_option("source", options->sources, "A project that has run here, or files: *.h5, userJobMetadata.json")
            ->required()
            ->type_name("PROJECT | FILE ...");
    tree.complete(sources, [workspace] { return ProjectStore{workspace}.list(); });
    const auto names = [] {
        const auto columns = extra_columns();
        return std::vector<std::string>{columns.begin(), columns.end()};
    };
    tree.complete(app.add_option("-e,--extra", options->extra,
                                 "Further columns, with spaces or commas between them: " +
                                     fmt::format("{}", fmt::join(names(), ", ")))
                      ->type_name("COLUMN ...")
                      ->delimiter(','),
                  names);
    app.add_option("-o,--outname", options->outname, "Name of what is written, without extension [default hpo_result]")
        ->type_name("NAME");
    app.add_option("--min", options->lowest, "Only trials whose metric is at least this")->type_name("NUMBER");
    app.add_option("--max", options->highest, "Only trials whose metric is at most this")->type_name("NUMBER");
    app.add_flag("--to_json", options->to_json, "Write NAME.json, one object a trial");
    app.add_flag("--to_csv", options->to_csv, "Write NAME.csv");
    app.add_flag("--to_html", options->to_html, "Write NAME.html, one file with interactive plots that opens offline");
    app.add_flag("--to_pcp", options->to_pcp, "Write NAME_pcp.html, the parallel coordinates alone");
    app.add_flag("--summary", options->summary, "Write NAME_summary.json, with all results of each job");
}

}  // namespace hpogrid::launchers
