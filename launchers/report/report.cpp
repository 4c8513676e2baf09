#include "launchers/report/report.hpp"

#include "engine/config/printable.hpp"
#include "engine/core/error.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <iterator>
#include <set>
#include <tuple>

namespace hpogrid::launchers {
namespace {

void add_names(std::vector<std::string>& names, const std::vector<std::string>& more) {
    for (const std::string& name : more) {
        if (std::ranges::find(names, name) == names.end()) {
            names.push_back(name);
        }
    }
}

/// What no two trials share: they may have the same point, never the same end as well.
std::tuple<std::string, double, double> identity(const ReportTrial& trial) {
    return {trial.hyperparameters.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace),
            std::isfinite(trial.ended) ? trial.ended : 0.0, trial.score};
}

std::string goal(const Report& report) {
    return fmt::format("{} '{}'", report.minimize ? "minimises" : "maximises", config::printable(report.metric));
}

}  // namespace

void merge(Report& report, Report other) {
    if (report.jobs.empty()) {
        report.project = other.project;
        report.metric = other.metric;
        report.minimize = other.minimize;
    } else if (report.metric != other.metric || report.minimize != other.minimize) {
        throw InputError{fmt::format("{} {}, {} {}, allowed: results of one search", report.jobs.front().source,
                                     goal(report), other.jobs.front().source, goal(other))};
    }
    add_names(report.hyperparameters, other.hyperparameters);
    add_names(report.metrics, other.metrics);
    std::set<std::tuple<std::string, double, double>> known;
    for (const ReportTrial& trial : report.trials) {
        known.insert(identity(trial));
    }
    const std::size_t first_job = report.jobs.size();
    std::ranges::move(other.jobs, std::back_inserter(report.jobs));
    for (ReportTrial& trial : other.trials) {
        if (known.contains(identity(trial))) {
            ++report.duplicates;
            continue;
        }
        trial.job += first_job;
        report.trials.push_back(std::move(trial));
    }
}

void rank(Report& report) {
    std::ranges::stable_sort(report.trials, [&](const ReportTrial& a, const ReportTrial& b) {
        if (a.score != b.score) {
            return report.minimize ? a.score < b.score : a.score > b.score;
        }
        return a.ended < b.ended;
    });
}

void limit_scores(Report& report, std::optional<double> lowest, std::optional<double> highest) {
    std::erase_if(report.trials, [&](const ReportTrial& trial) {
        return (lowest && trial.score < *lowest) || (highest && trial.score > *highest);
    });
}

}  // namespace hpogrid::launchers
