#include "engine/trials/report_book.hpp"

#include <fmt/core.h>

#include <algorithm>
#include <cmath>
#include <utility>

namespace hpogrid::trials {
namespace {

const double* find(const study::Metrics& metrics, std::string_view name) {
    const auto at =
        std::find_if(metrics.begin(), metrics.end(), [name](const auto& entry) { return entry.first == name; });
    return at == metrics.end() ? nullptr : &at->second;
}

std::string joined_names(const study::Metrics& metrics) {
    std::string names;
    for (const auto& [name, value] : metrics) {
        names += (names.empty() ? "" : ", ") + name;
    }
    return names;
}

}  // namespace

ReportBook::ReportBook(std::string metric, double started, bool continues)
    : metric_{std::move(metric)}, started_{started}, continues_{continues} {}

study::Report ReportBook::take(const ReportMessage& message, double now) {
    ++count_;
    study::Report report{0.0, now, message.metrics};
    if (const double* value = metric_.empty() ? nullptr : find(report.metrics, metric_)) {
        scored_ = scored_ || std::isfinite(*value);
        seen_ = std::isfinite(*value) ? seen_ : fmt::format("{}", *value);
    }
    for (const auto& [name, description] : message.refused) {
        if (metric_.empty() || name == metric_ || refusal_.empty()) {
            refusal_ = fmt::format("'{}' was reported as {}, it must be a number", name, description);
        }
    }
    if (!scored_) {
        names_ = joined_names(report.metrics);
    }
    if (const double* iteration = find(report.metrics, "training_iteration")) {
        iteration_ = *iteration;
    } else {
        iteration_ = message.iteration.value_or(iteration_ + 1.0);
        report.metrics.emplace_back("training_iteration", iteration_);
    }
    if (find(report.metrics, "time_total_s") == nullptr) {
        report.metrics.emplace_back("time_total_s", now - started_);
    }
    report.iteration = iteration_;
    return report;
}

std::optional<std::string> ReportBook::why_no_score() const {
    if (scored_) {
        return std::nullopt;
    }
    if (count_ == 0) {
        return continues_ ? std::nullopt : std::optional<std::string>{"ended without reporting a metric"};
    }
    if (metric_.empty()) {
        return names_.empty() && !refusal_.empty() ? std::optional{refusal_} : std::nullopt;
    }
    if (!seen_.empty()) {
        return fmt::format("'{}' was {}, it must be a finite number at least once", metric_, seen_);
    }
    if (!refusal_.empty()) {
        return refusal_;
    }
    return fmt::format("never reported '{}', reported: {}", metric_, names_);
}

}  // namespace hpogrid::trials
