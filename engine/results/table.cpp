#include "engine/results/table.hpp"

#include "engine/core/overloaded.hpp"
#include "engine/space/value_json.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <nlohmann/json.hpp>
#include <numeric>

namespace hpogrid::results {
namespace {

using nlohmann::json;

constexpr double missing = std::numeric_limits<double>::quiet_NaN();

/// One trial of a snapshot: the half of it that holds the row, and the row.
struct Located {
    const TrialTable::View* half;
    const TrialRow* row;
};

std::vector<Located> in_order_of_ids(const Snapshot& snapshot) {
    std::vector<Located> trials;
    trials.reserve(snapshot.trial_count());
    for (const auto* half : {&snapshot.ended, &snapshot.open}) {
        for (std::size_t i = 0; i < half->size(); ++i) {
            trials.push_back({half, &(*half)[i]});
        }
    }
    std::ranges::sort(trials, {}, [](const Located& trial) { return trial.row->id; });
    return trials;
}

template <class Element, class Get>
Column make_column(std::string name, const std::vector<Located>& trials, Get get) {
    std::vector<Element> data;
    data.reserve(trials.size());
    for (const Located& trial : trials) {
        data.push_back(static_cast<Element>(get(trial)));
    }
    return {std::move(name), std::move(data)};
}

Table trial_columns(const Snapshot& snapshot, const std::vector<Located>& trials) {
    using Integer = std::int64_t;
    const auto place = [&](const Located& trial) -> const Place* {
        return trial.row->place == TrialRow::nowhere ? nullptr : &snapshot.places[trial.row->place];
    };
    Table table;
    table.push_back(make_column<Integer>("id", trials, [](const Located& t) { return t.row->id; }));
    table.push_back(
        make_column<std::string>("state", trials, [](const Located& t) { return to_string(t.row->state); }));
    table.push_back(make_column<Integer>("attempt", trials, [](const Located& t) { return t.row->attempt; }));
    table.push_back(
        make_column<std::string>("origin", trials, [&](const Located& t) { return snapshot.origins[t.row->origin]; }));
    table.push_back(make_column<Integer>(
        "worker", trials, [&](const Located& t) { return place(t) ? Integer{place(t)->worker} : Integer{-1}; }));
    table.push_back(make_column<std::string>(
        "host", trials, [&](const Located& t) { return place(t) ? place(t)->host : std::string{}; }));
    table.push_back(make_column<std::string>(
        "gpu", trials, [&](const Located& t) { return place(t) ? place(t)->gpu : std::string{}; }));
    table.push_back(make_column<double>("started", trials, [](const Located& t) { return t.row->started; }));
    table.push_back(make_column<double>("ended", trials, [](const Located& t) { return t.row->ended; }));
    table.push_back(
        make_column<double>("duration", trials, [](const Located& t) { return t.row->ended - t.row->started; }));
    table.push_back(make_column<double>("iterations", trials, [](const Located& t) { return t.row->iterations; }));
    table.push_back(make_column<std::string>("error", trials, [](const Located& t) { return t.half->error(*t.row); }));
    table.push_back(make_column<std::string>("log", trials, [](const Located& t) { return t.half->log(*t.row); }));
    return table;
}

/// The one type that all categories share; strings, integers, numbers and truth values have columns of their own.
enum class CategoryKind { text, integer, number, truth, any };

CategoryKind kind_of(const std::vector<json>& categories) {
    const auto all = [&](auto predicate) { return std::ranges::all_of(categories, predicate); };
    if (all([](const json& value) { return value.is_string(); })) {
        return CategoryKind::text;
    }
    if (all([](const json& value) { return value.is_boolean(); })) {
        return CategoryKind::truth;
    }
    // Above 2^63 an unsigned number is no int64.
    if (all([](const json& value) {
            return value.is_number_integer() &&
                   !(value.is_number_unsigned() && value.get<std::uint64_t>() > std::uint64_t{INT64_MAX});
        })) {
        return CategoryKind::integer;
    }
    return all([](const json& value) { return value.is_number(); }) ? CategoryKind::number : CategoryKind::any;
}

std::vector<json> categories_of(const space::SamplingMethod& method) {
    if (const auto* categorical = std::get_if<space::Categorical>(&method)) {
        return categorical->categories;
    }
    return {std::get<space::Fixed>(method).value};
}

Column category_column(const std::string& name, const space::SamplingMethod& method,
                       const std::vector<space::Value>& values) {
    const std::vector<json> categories = categories_of(method);
    const bool inactive =
        std::ranges::any_of(values, [](const auto& v) { return std::holds_alternative<space::Inactive>(v); });
    const auto column = [&]<class Element>(Element absent, auto convert) {
        std::vector<Element> table;
        for (const json& category : categories) {
            table.push_back(convert(category));
        }
        std::vector<Element> data;
        data.reserve(values.size());
        for (const space::Value& value : values) {
            const auto* category = std::get_if<space::Category>(&value);
            data.push_back(category != nullptr ? table.at(category->index) : absent);
        }
        return Column{name, std::move(data)};
    };
    switch (kind_of(categories)) {
        case CategoryKind::text:
            return column(std::string{}, [](const json& value) { return value.get<std::string>(); });
        case CategoryKind::truth:
            if (inactive) {
                return column(missing, [](const json& value) { return value.get<bool>() ? 1.0 : 0.0; });
            }
            return column(Truth{},
                          [](const json& value) { return Truth{static_cast<std::int8_t>(value.get<bool>())}; });
        case CategoryKind::integer:
            if (inactive) {
                return column(missing, [](const json& value) { return value.get<double>(); });
            }
            return column(std::int64_t{0}, [](const json& value) { return value.get<std::int64_t>(); });
        case CategoryKind::number:
            return column(missing, [](const json& value) { return value.get<double>(); });
        case CategoryKind::any:
            break;
    }
    return column(std::string{}, [](const json& value) { return value.dump(); });
}

Column parameter_column(const space::Parameter& parameter, const std::vector<space::Value>& values) {
    if (std::holds_alternative<space::Categorical>(parameter.method) ||
        std::holds_alternative<space::Fixed>(parameter.method)) {
        return category_column(parameter.name, parameter.method, values);
    }
    const bool whole =
        std::holds_alternative<space::UniformInt>(parameter.method) &&
        std::ranges::none_of(values, [](const auto& v) { return std::holds_alternative<space::Inactive>(v); });
    if (whole) {
        std::vector<std::int64_t> data;
        for (const space::Value& value : values) {
            data.push_back(std::get<std::int64_t>(value));
        }
        return {parameter.name, std::move(data)};
    }
    std::vector<double> data;
    for (const space::Value& value : values) {
        data.push_back(std::visit(Overloaded{
                                      [](double real) { return real; },
                                      [](std::int64_t integer) { return static_cast<double>(integer); },
                                      [](auto) { return missing; },
                                  },
                                  value));
    }
    return {parameter.name, std::move(data)};
}

Table parameter_columns(const Snapshot& snapshot, const std::vector<Located>& trials) {
    Table table;
    for (std::size_t i = 0; i < snapshot.info->parameters.size(); ++i) {
        std::vector<space::Value> values;
        values.reserve(trials.size());
        for (const Located& trial : trials) {
            values.push_back(trial.half->value(*trial.row, i));
        }
        table.push_back(parameter_column(snapshot.info->parameters[i], values));
    }
    return table;
}

Table metric_columns(const Snapshot& snapshot, const std::vector<Located>& trials) {
    Table table;
    for (std::size_t i = 0; i < snapshot.metrics.size(); ++i) {
        const std::string& name = snapshot.metrics[i];
        table.push_back(
            make_column<double>(name, trials, [&](const Located& t) { return t.half->best_metric(*t.row, i); }));
        const std::string last = name + "_last";
        // A script may report a metric of that very name: its own values come first.
        if (std::ranges::find(snapshot.metrics, last) == snapshot.metrics.end()) {
            table.push_back(
                make_column<double>(last, trials, [&](const Located& t) { return t.half->last_metric(*t.row, i); }));
        }
    }
    return table;
}

/// Reports that no later attempt of their trial has made void.
std::vector<bool> valid_reports(const Reports& reports, std::size_t trials) {
    std::vector<std::vector<AttemptRow>> later(trials);
    std::vector<bool> valid(reports.rows.size());
    std::size_t attempt = reports.attempts.size();
    for (std::size_t i = reports.rows.size(); i-- > 0;) {
        for (; attempt > 0 && reports.attempts[attempt - 1].before > i; --attempt) {
            const AttemptRow& begun = reports.attempts[attempt - 1];
            // Mostly an earlier attempt makes void all that a later one does, so the list stays short.
            std::erase_if(later[begun.trial], [&](const AttemptRow& other) {
                return other.since >= begun.since && other.from >= begun.from;
            });
            later[begun.trial].push_back(begun);
        }
        const ReportRow& row = reports.rows[i];
        valid[i] = row.trial < trials && std::ranges::none_of(later[row.trial], [&](const AttemptRow& begun) {
                       return row.attempt >= begun.since && row.iteration > begun.from;
                   });
    }
    return valid;
}

void add_reports(const Snapshot& snapshot, const std::vector<Located>& trials, ResultsTables& tables) {
    std::vector<std::int64_t> ids;
    std::vector<double> iterations;
    std::vector<double> times;
    std::vector<std::vector<double>> values(snapshot.metrics.size());
    const Reports& reports = snapshot.reports;
    const std::vector<bool> valid = valid_reports(reports, trials.size());
    for (std::size_t i = 0; i < reports.rows.size(); ++i) {
        const ReportRow& row = reports.rows[i];
        if (!valid[i]) {
            continue;
        }
        ids.push_back(row.trial);
        iterations.push_back(row.iteration);
        times.push_back(row.time);
        for (auto& column : values) {
            column.push_back(missing);
        }
        for (std::size_t k = row.begin; k < row.begin + row.count; ++k) {
            values[reports.metrics[k]].back() = reports.values[k];
        }
    }
    tables.reports = {{"trial_id", std::move(ids)}, {"iteration", std::move(iterations)}, {"time", std::move(times)}};
    for (std::size_t i = 0; i < values.size(); ++i) {
        tables.report_metrics.push_back({snapshot.metrics[i], std::move(values[i])});
    }
}

std::string_view to_string(RunStatus status) noexcept {
    switch (status) {
        case RunStatus::running:
            return "running";
        case RunStatus::finished:
            return "finished";
        case RunStatus::stopped:
            return "stopped";
    }
    return "unknown";
}

}  // namespace

std::size_t length(const ColumnData& data) noexcept {
    return std::visit([](const auto& values) { return values.size(); }, data);
}

const Column* find_column(const Table& table, std::string_view name) noexcept {
    const auto found = std::ranges::find(table, name, &Column::name);
    return found != table.end() ? &*found : nullptr;
}

ResultsTables tabulate(const Snapshot& snapshot) {
    const std::vector<Located> trials = in_order_of_ids(snapshot);
    const RunInfo& info = *snapshot.info;
    ResultsTables tables;
    tables.engine_version = info.engine_version;
    tables.project_name = info.project_name;
    tables.metric = info.metric;
    tables.mode = info.mode == study::Mode::minimize ? "min" : "max";
    tables.algorithm = info.algorithm;
    tables.scheduler = info.scheduler;
    tables.status = to_string(snapshot.status);
    tables.config = info.config;
    tables.seed = info.seed;
    tables.num_trials = info.num_trials;
    tables.best_checkpoint = snapshot.best_checkpoint;
    tables.best_trial = snapshot.best_trial ? std::int64_t{*snapshot.best_trial} : -1;
    tables.trials = trial_columns(snapshot, trials);
    tables.params = parameter_columns(snapshot, trials);
    tables.metrics = metric_columns(snapshot, trials);
    add_reports(snapshot, trials, tables);
    return tables;
}

}  // namespace hpogrid::results
