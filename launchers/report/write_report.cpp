#include "launchers/report/write_report.hpp"

#include "engine/config/printable.hpp"
#include "engine/core/error.hpp"
#include "engine/core/nearest.hpp"
#include "launchers/configurations/show.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <ctime>

namespace hpogrid::launchers {
namespace {

using nlohmann::json;
using nlohmann::ordered_json;

constexpr std::array<std::string_view, 7> extras{"site",           "task_time_s", "time_s", "taskid", "start_timestamp",
                                                 "start_datetime", "end_datetime"};

json real(double value) {
    return std::isfinite(value) ? json(value) : json{};
}

/// As userJobMetadata.json writes a moment.
std::string datetime(double time) {
    const auto seconds = static_cast<std::time_t>(time);
    std::tm utc{};
    ::gmtime_r(&seconds, &utc);
    std::array<char, 32> text{};
    return {text.data(), std::strftime(text.data(), text.size(), "%m/%d/%Y, %H:%M:%S", &utc)};
}

json extra_cell(const Report& report, const ReportTrial& trial, std::string_view column) {
    const ReportJob& job = report.jobs[trial.job];
    if (column == "site") {
        return job.site;
    }
    if (column == "task_time_s") {
        return real(job.ended - job.started);
    }
    if (column == "time_s") {
        return real(trial.duration);
    }
    if (column == "taskid") {
        return job.task;
    }
    if (column == "start_timestamp") {
        return real(job.started);
    }
    return datetime(column == "start_datetime" ? job.started : job.ended);
}

std::string csv_cell(const json& value) {
    const std::string text = value.is_null() ? "" : cell_text(value);
    if (text.find_first_of(",\"\r\n") == std::string::npos) {
        return text;
    }
    std::string quoted = "\"";
    for (const char character : text) {
        quoted += character == '"' ? std::string{"\"\""} : std::string{character};
    }
    return quoted + "\"";
}

template <class Cells>
void add_line(std::string& text, const Cells& cells) {
    for (std::size_t i = 0; i < cells.size(); ++i) {
        text += (i == 0 ? "" : ",") + csv_cell(cells[i]);
    }
    text += "\r\n";
}

ordered_json job_of(const Report& report, std::size_t index) {
    const ReportJob& job = report.jobs[index];
    ordered_json summary;
    summary["source"] = job.source;
    summary["site"] = job.site;
    summary["taskid"] = job.task;
    summary["seed"] = job.seed ? ordered_json(*job.seed) : ordered_json(nullptr);
    summary["status"] = job.status;
    summary["start_datetime"] = datetime(job.started);
    summary["end_datetime"] = datetime(job.ended);
    summary["start_timestamp"] = job.started;
    summary["task_time_s"] = real(job.ended - job.started);
    summary["best_config"] = ordered_json::object();
    summary["best_metric_score"] = nullptr;
    summary["result"] = ordered_json::object();
    for (const ReportTrial& trial : report.trials) {
        if (trial.job != index) {
            continue;
        }
        if (summary["result"].empty()) {
            summary["best_config"] = trial.hyperparameters;
            summary["best_metric_score"] = trial.score;
        }
        ordered_json result = {{"time_s", real(trial.duration)}, {"timestamp", real(trial.ended)}};
        for (const auto& [name, value] : trial.hyperparameters.items()) {
            result[name] = value;
        }
        for (const auto& [name, value] : trial.metrics) {
            result[name] = real(value);
        }
        summary["result"][fmt::format("{}", trial.trial)] = std::move(result);
    }
    return summary;
}

}  // namespace

std::span<const std::string_view> extra_columns() noexcept {
    return extras;
}

ReportTable tabulate(const Report& report, const std::vector<std::string>& extra) {
    for (const std::string& column : extra) {
        if (std::ranges::find(extras, column) == extras.end()) {
            throw InputError{fmt::format("--extra {}: no such column{}, allowed: {}", config::printable(column),
                                         did_you_mean(column, extras), join_names(extras))};
        }
    }
    ReportTable table;
    table.titles = {"job", "trial"};
    for (const auto* names : {&report.hyperparameters, &report.metrics, &extra}) {
        table.titles.insert(table.titles.end(), names->begin(), names->end());
    }
    for (const ReportTrial& trial : report.trials) {
        std::vector<json> row{trial.job, trial.trial};
        for (const std::string& name : report.hyperparameters) {
            row.push_back(trial.hyperparameters.value(name, json{}));
        }
        for (const std::string& name : report.metrics) {
            const auto value = trial.metrics.find(name);
            row.push_back(value == trial.metrics.end() ? json{} : real(value->second));
        }
        for (const std::string& column : extra) {
            row.push_back(extra_cell(report, trial, column));
        }
        table.rows.push_back(std::move(row));
    }
    return table;
}

TextTable terminal_table(const ReportTable& table) {
    TextTable text{table.titles, {}};
    for (const auto& row : table.rows) {
        std::vector<std::string> cells;
        for (const json& value : row) {
            cells.push_back(value.is_null()           ? ""
                            : value.is_number_float() ? fmt::format("{:.6g}", value.get<double>())
                                                      : cell_text(value));
        }
        text.rows.push_back(std::move(cells));
    }
    return text;
}

std::string csv_text(const ReportTable& table) {
    std::string text;
    add_line(text, table.titles);
    for (const auto& row : table.rows) {
        add_line(text, row);
    }
    return text;
}

ordered_json json_of(const ReportTable& table) {
    ordered_json list = ordered_json::array();
    for (const auto& row : table.rows) {
        ordered_json object = ordered_json::object();
        for (std::size_t i = 0; i < row.size(); ++i) {
            object[table.titles[i]] = row[i];
        }
        list.push_back(std::move(object));
    }
    return list;
}

ordered_json summary_of(const Report& report) {
    ordered_json summary;
    summary["project_name"] = report.project;
    summary["hyperparameters"] = report.hyperparameters;
    summary["metric"] = report.metric;
    summary["mode"] = report.minimize ? "min" : "max";
    summary["jobs"] = ordered_json::array();
    for (std::size_t i = 0; i < report.jobs.size(); ++i) {
        summary["jobs"].push_back(job_of(report, i));
    }
    return summary;
}

}  // namespace hpogrid::launchers
