#include "launchers/report/read_metadata.hpp"

#include "engine/config/printable.hpp"
#include "engine/core/error.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <cstdlib>

namespace hpogrid::launchers {
namespace {

using nlohmann::json;

ReportTrial trial_of(const Report& report, const std::string& key, const json& result) {
    ReportTrial trial;
    trial.trial = std::atoll(key.c_str());
    trial.hyperparameters = json::object();
    for (const std::string& name : report.hyperparameters) {
        trial.hyperparameters[name] = result.value(name, json{});
    }
    const auto real = [&](const std::string& name) {
        const json value = result.value(name, json{});
        return value.is_number() ? value.get<double>() : std::nan("");
    };
    for (const std::string& metric : report.metrics) {
        trial.metrics[metric] = real(metric);
    }
    trial.score = trial.metrics.at(report.metric);
    trial.ended = real("timestamp");
    trial.duration = real("time_s");
    return trial;
}

Report read(const json& metadata, ReportJob job) {
    Report report{.project = metadata.value("project_name", json{}).is_string()
                                 ? metadata.at("project_name").get<std::string>()
                                 : "",
                  .metric = metadata.at("metric").get<std::string>(),
                  .minimize = metadata.at("mode") == "min",
                  .hyperparameters = metadata.at("hyperparameters").get<std::vector<std::string>>(),
                  .metrics = {},
                  .jobs = {},
                  .trials = {}};
    report.metrics.push_back(report.metric);
    job.started = metadata.value("start_timestamp", 0.0);
    job.ended = job.started + metadata.value("task_time_s", 0.0);
    report.jobs.push_back(std::move(job));
    for (const auto& [key, result] : metadata.at("result").items()) {
        for (const auto& [name, value] : result.items()) {
            const bool is_own = name == "time_s" || name == "timestamp" ||
                                std::ranges::find(report.hyperparameters, name) != report.hyperparameters.end();
            if (!is_own && std::ranges::find(report.metrics, name) == report.metrics.end()) {
                report.metrics.push_back(name);
            }
        }
    }
    for (const auto& [key, result] : metadata.at("result").items()) {
        ReportTrial trial = trial_of(report, key, result);
        if (std::isfinite(trial.score)) {
            report.trials.push_back(std::move(trial));
        }
    }
    return report;
}

}  // namespace

Report report_of_metadata(const json& metadata, ReportJob job) {
    const std::string source = config::printable(job.source);
    try {
        return read(metadata, std::move(job));
    } catch (const json::exception&) {
        throw InputError{
            fmt::format("{}: is no metadata of a job, allowed: a userJobMetadata.json with metric, mode, "
                        "hyperparameters and result",
                        source)};
    }
}

}  // namespace hpogrid::launchers
