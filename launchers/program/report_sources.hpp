#pragma once

#include "launchers/core/workspace.hpp"
#include "launchers/program/query_options.hpp"
#include "launchers/report/report.hpp"

#include <string>
#include <vector>

namespace hpogrid::launchers {

/// What a report is about.
struct ReportSources {
    std::vector<std::string> names;  ///< projects and files
    QueryOptions tasks;              ///< which tasks of a project
    bool only_local{false};          ///< ask no server
    bool needs_sites{false};         ///< where each job of a task ran
};

/// Adds the names and what chooses among the results.
void add_report_sources(CommandTree& tree, CLI::App& app, ReportSources& sources, const Workspace& workspace);

/// The results of files, of what has run here of projects, and of all jobs of their tasks on the grid, merged and
/// ranked. The grid is asked about a project that was submitted from here or has not run here, and where an option
/// chooses tasks; without such an option about what was submitted from here, however old and whatever its name, and
/// about tasks "user.<account>.hpogrid.<project>.*" of the last 30 days. Throws InputError, ServiceError.
[[nodiscard]] Report gather(const Workspace& workspace, const ReportSources& sources);

}  // namespace hpogrid::launchers
