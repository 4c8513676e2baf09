#include "launchers/watch/study_view.hpp"

#include "launchers/core/table_cell.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <map>
#include <utility>

namespace hpogrid::launchers {
namespace {

using results::ResultsTables;
using study::TrialState;

TrialState state_of(const std::string& name) {
    for (auto value = std::uint8_t{0}; value <= static_cast<std::uint8_t>(TrialState::cancelled); ++value) {
        if (to_string(static_cast<TrialState>(value)) == name) {
            return static_cast<TrialState>(value);
        }
    }
    return TrialState::queued;
}

TrialView trial_of(const ResultsTables& tables, std::size_t row) {
    TrialView trial;
    trial.id = static_cast<std::int64_t>(number(tables.trials, "id", row));
    trial.state = text(tables.trials, "state", row);
    trial.place = text(tables.trials, "host", row);
    if (const std::string gpu = text(tables.trials, "gpu", row); !gpu.empty()) {
        trial.place += " " + gpu;
    }
    trial.score = number(tables.metrics, tables.metric, row);
    if (state_of(trial.state) == TrialState::running) {
        trial.score = number(tables.metrics, tables.metric + "_last", row);
    }
    trial.iteration = number(tables.trials, "iterations", row);
    trial.started = number(tables.trials, "started", row);
    trial.ended = number(tables.trials, "ended", row);
    trial.configuration = nlohmann::json::object();
    for (const results::Column& column : tables.params) {
        if (nlohmann::json value = cell(column.data, row); !value.is_null() && value != "") {
            trial.configuration[column.name] = std::move(value);
        }
    }
    return trial;
}

}  // namespace

StudyView view_of(const ResultsTables& tables, std::size_t most) {
    StudyView view{.project = tables.project_name,
                   .metric = tables.metric,
                   .mode = tables.mode,
                   .algorithm = tables.algorithm,
                   .scheduler = tables.scheduler,
                   .status = tables.status,
                   .planned = tables.num_trials,
                   .counts = {},
                   .best = {},
                   .running = {},
                   .recent = {},
                   .started = std::numeric_limits<double>::quiet_NaN()};
    const results::Column* ids = results::find_column(tables.trials, "id");
    const std::size_t rows = ids == nullptr ? 0 : results::length(ids->data);
    std::multimap<double, std::size_t, std::greater<>> ended;
    for (std::size_t row = 0; row < rows; ++row) {
        const TrialState state = state_of(text(tables.trials, "state", row));
        ++view.counts.of(state);
        const double started = number(tables.trials, "started", row);
        view.started = std::fmin(view.started, started);
        if (state == TrialState::running && view.running.size() < most) {
            view.running.push_back(trial_of(tables, row));
        }
        if (const double end = number(tables.trials, "ended", row); is_final(state) && std::isfinite(end)) {
            ended.emplace(end, row);
            if (ended.size() > most) {
                ended.erase(std::prev(ended.end()));
            }
        }
    }
    for (const auto& [end, row] : ended) {
        view.recent.push_back(trial_of(tables, row));
    }
    if (tables.best_trial >= 0 && static_cast<std::size_t>(tables.best_trial) < rows) {
        view.best = trial_of(tables, static_cast<std::size_t>(tables.best_trial));
    }
    return view;
}

}  // namespace hpogrid::launchers
