#include "launchers/report/read_report.hpp"

#include "engine/config/json_text.hpp"
#include "engine/config/printable.hpp"
#include "engine/core/error.hpp"
#include "engine/results/results_file.hpp"
#include "launchers/core/folders.hpp"
#include "launchers/core/table_cell.hpp"
#include "launchers/report/read_metadata.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <map>

namespace hpogrid::launchers {
namespace fs = std::filesystem;
namespace {

using nlohmann::json;
using results::Column;
using results::ResultsTables;

ReportJob job_of(const fs::path& file) {
    ReportJob job;
    job.source = file.string();
    job.task = fs::absolute(file).parent_path().filename().string();
    return job;
}

/// Whether its score counts: it succeeded, or the study has stopped and left it unfinished.
bool is_result(const std::string& state, const ReportJob& job) {
    const bool is_unfinished = state == "paused" || state == "cancelled";
    return state == "completed" || state == "stopped" || (is_unfinished && job.status == "stopped");
}

/// Those that say something of a trial's best report.
std::vector<std::string> metric_names(const ResultsTables& tables) {
    std::vector<std::string> names{tables.metric};
    for (const Column& column : tables.metrics) {
        const bool is_last =
            column.name.ends_with("_last") &&
            results::find_column(tables.metrics, column.name.substr(0, column.name.size() - 5)) != nullptr;
        if (column.name != tables.metric && !is_last) {
            names.push_back(column.name);
        }
    }
    return names;
}

ReportTrial trial_of(const ResultsTables& tables, const std::vector<std::string>& metrics, std::size_t row) {
    ReportTrial trial;
    trial.trial = static_cast<std::int64_t>(number(tables.trials, "id", row));
    trial.hyperparameters = json::object();
    for (const Column& column : tables.params) {
        trial.hyperparameters[column.name] = cell(column.data, row);
    }
    for (const std::string& metric : metrics) {
        trial.metrics[metric] = number(tables.metrics, metric, row);
    }
    trial.score = trial.metrics.at(tables.metric);
    trial.ended = number(tables.trials, "ended", row);
    trial.duration = number(tables.trials, "duration", row);
    return trial;
}

/// {id of a trial: its learning curve}
std::map<std::int64_t, std::vector<std::pair<double, double>>> curves(const ResultsTables& tables) {
    std::map<std::int64_t, std::vector<std::pair<double, double>>> result;
    const Column* ids = results::find_column(tables.reports, "trial_id");
    for (std::size_t row = 0; ids != nullptr && row < results::length(ids->data); ++row) {
        const double value = number(tables.report_metrics, tables.metric, row);
        if (std::isfinite(value)) {
            result[static_cast<std::int64_t>(number(tables.reports, "trial_id", row))].emplace_back(
                number(tables.reports, "iteration", row), value);
        }
    }
    return result;
}

Report report_of(const ResultsTables& tables, const fs::path& file) {
    Report report{.project = tables.project_name,
                  .metric = tables.metric,
                  .minimize = tables.mode == "min",
                  .hyperparameters = {},
                  .metrics = metric_names(tables),
                  .jobs = {},
                  .trials = {}};
    for (const Column& column : tables.params) {
        report.hyperparameters.push_back(column.name);
    }
    ReportJob job = job_of(file);
    job.seed = tables.seed;
    job.status = tables.status;
    job.started = std::numeric_limits<double>::infinity();
    auto curve_of = curves(tables);
    const Column* ids = results::find_column(tables.trials, "id");
    for (std::size_t row = 0; row < results::length(ids->data); ++row) {
        const double started = number(tables.trials, "started", row);
        job.started = std::isfinite(started) ? std::min(job.started, started) : job.started;
        const double ended = number(tables.trials, "ended", row);
        job.ended = std::isfinite(ended) ? std::max(job.ended, ended) : job.ended;
        job.site = job.site.empty() ? text(tables.trials, "host", row) : job.site;
        if (is_result(text(tables.trials, "state", row), job)) {
            ReportTrial trial = trial_of(tables, report.metrics, row);
            trial.curve = std::move(curve_of[trial.trial]);
            if (std::isfinite(trial.score)) {
                report.trials.push_back(std::move(trial));
            }
        }
    }
    job.started = std::isfinite(job.started) ? job.started : 0.0;
    report.jobs.push_back(std::move(job));
    return report;
}

}  // namespace

Report read_report(const fs::path& file) {
    if (!is_there(file)) {
        throw InputError{fmt::format("{}: does not exist, allowed: a results file *.h5, or a userJobMetadata.json",
                                     config::printable_path(file))};
    }
    if (file.extension() == ".json") {
        return report_of_metadata(config::read_json_file(file), job_of(file));
    }
    try {
        return report_of(results::read_results_file(file), file);
    } catch (const OutputError& error) {
        throw InputError{config::printable(error.what(), 1000)};
    }
}

Report read_reports(const std::vector<fs::path>& files) {
    Report report;
    for (const fs::path& file : files) {
        merge(report, read_report(file));
    }
    rank(report);
    return report;
}

}  // namespace hpogrid::launchers
