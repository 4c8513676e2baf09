#include "launchers/program/report_command.hpp"

#include "engine/config/printable.hpp"
#include "engine/console/option_values.hpp"
#include "launchers/core/text_table.hpp"
#include "launchers/program/report_sources.hpp"
#include "launchers/report/export.hpp"
#include "launchers/report/write_report.hpp"

#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <memory>
#include <optional>
#include <set>

namespace hpogrid::launchers {
namespace {

struct ReportOptions {
    ReportSources sources;
    std::vector<std::string> extra;
    std::string outname{"hpo_result"};
    std::optional<double> lowest;
    std::optional<double> highest;
    std::set<const Export*> wanted;  ///< in the order of exports()
};

void explain(const Report& report) {
    fmt::print("{} successful trial{} of {} job{}, {} '{}'\n", report.trials.size(),
               report.trials.size() == 1 ? "" : "s", report.jobs.size(), report.jobs.size() == 1 ? "" : "s",
               report.minimize ? "smallest" : "largest", config::printable(report.metric));
    if (report.duplicates > 0) {
        fmt::print("{} trials stood in several files and count once\n", report.duplicates);
    }
}

int run(const Workspace& workspace, const ReportOptions& options) {
    ReportSources sources = options.sources;
    sources.needs_sites = std::ranges::find(options.extra, "site") != options.extra.end();
    Report report = gather(workspace, sources);
    limit_scores(report, options.lowest, options.highest);
    const ReportTable table = tabulate(report, options.extra);
    fmt::print("{}", render(terminal_table(table), terminal_width()));
    explain(report);
    for (const Export* each : options.wanted) {
        for (const std::string& file : each->write(report, table, options.outname)) {
            fmt::print("Wrote {}\n", config::printable_path(file));
        }
    }
    return 0;
}

}  // namespace

void add_report_command(CommandTree& tree, const Workspace& workspace) {
    const auto options = std::make_shared<ReportOptions>();
    CLI::App& app = tree.add_command(
        tree.root(), "report", "Show the results of all runs and tasks of a project, or of results files, best first",
        "  hpogrid report my_project --to_csv --outname best\n  hpogrid report my_project "
        "--days 7 --extra site,taskid\n  hpogrid report job1.h5 job2.h5 --extra time_s "
        "--max 0.1\n",
        [workspace, options] { return run(workspace, *options); });
    add_report_sources(tree, app, options->sources, workspace);
    const auto names = [] {
        const auto columns = extra_columns();
        return std::vector<std::string>{columns.begin(), columns.end()};
    };
    tree.complete(app.add_option("-e,--extra", options->extra,
                                 "Further columns, with spaces or commas between them: " +
                                     fmt::format("{}", fmt::join(names(), ", ")))
                      ->type_name("COLUMN")
                      ->delimiter(','),
                  names);
    app.add_option("-o,--outname", options->outname, "Name of what is written, without extension [default hpo_result]")
        ->type_name("NAME");
    app.add_option("--min", options->lowest, "Only trials whose metric is at least this")
        ->type_name("NUMBER")
        ->check(console::number());
    app.add_option("--max", options->highest, "Only trials whose metric is at most this")
        ->type_name("NUMBER")
        ->check(console::number());
    for (const Export& each : exports()) {
        app.add_flag_callback(
            each.option, [options, &each] { options->wanted.insert(&each); }, each.help);
    }
}

}  // namespace hpogrid::launchers
