#include "engine/results/trial_table.hpp"

#include <limits>

namespace hpogrid::results {

space::Value TrialTable::View::value(const TrialRow& row, std::size_t parameter) const noexcept {
    return parameter < row.point.count ? points_[row.point.begin + parameter] : space::Value{space::Inactive{}};
}

double TrialTable::View::metric(Range range, std::size_t index) const noexcept {
    return index < range.count ? metrics_[range.begin + index] : std::numeric_limits<double>::quiet_NaN();
}

double TrialTable::View::best_metric(const TrialRow& row, std::size_t metric_index) const noexcept {
    return metric(row.best_metrics, metric_index);
}

double TrialTable::View::last_metric(const TrialRow& row, std::size_t metric_index) const noexcept {
    return metric(row.last_metrics, metric_index);
}

std::string TrialTable::View::text(Range range) const {
    std::string result(range.count, '\0');
    text_.copy(range.begin, result);
    return result;
}

Range TrialTable::append_metrics(const std::vector<double>& values) {
    const Range range{metrics_.size(), values.size()};
    metrics_.append(values);
    return range;
}

Range TrialTable::append_text(const std::string& value) {
    const Range range{text_.size(), value.size()};
    text_.append(value);
    return range;
}

void TrialTable::append(const study::Trial& trial, std::uint32_t origin, std::uint32_t place) {
    const Range point{points_.size(), trial.point.size()};
    points_.append(trial.point);
    rows_.push_back({.id = trial.id.value,
                     .attempt = trial.attempt,
                     .origin = origin,
                     .place = place,
                     .state = trial.state,
                     .started = trial.started,
                     .ended = trial.ended,
                     .iterations = trial.iterations,
                     .point = point,
                     .best_metrics = append_metrics(trial.best_metrics),
                     .last_metrics = append_metrics(trial.last_metrics),
                     .error = append_text(trial.error),
                     .log = append_text(trial.log)});
}

TrialTable::View TrialTable::view() const {
    View view;
    view.rows_ = rows_.view();
    view.points_ = points_.view();
    view.metrics_ = metrics_.view();
    view.text_ = text_.view();
    return view;
}

}  // namespace hpogrid::results
