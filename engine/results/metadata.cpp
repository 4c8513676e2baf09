#include "engine/results/metadata.hpp"

#include "engine/results/file.hpp"
#include "engine/space/value_json.hpp"

#include <algorithm>
#include <cmath>
#include <ctime>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

namespace hpogrid::results {
namespace {

using nlohmann::json;
using nlohmann::ordered_json;

struct Entry {
    const TrialTable::View* half;
    const TrialRow* row;
    double score;  ///< to be minimised
};

ordered_json number(double value) {
    return std::isfinite(value) ? ordered_json(value) : ordered_json(nullptr);
}

/// The original's "mm/dd/YYYY, HH:MM:SS", in UTC.
std::string date_text(double time) {
    const auto seconds = static_cast<std::time_t>(time);
    std::tm parts{};
    gmtime_r(&seconds, &parts);
    std::string text(64, '\0');
    text.resize(std::strftime(text.data(), text.size(), "%m/%d/%Y, %H:%M:%S", &parts));
    return text;
}

/// Trials that succeeded and, of a study that has stopped, those that this left unfinished.
std::vector<Entry> results_best_first(const Snapshot& snapshot) {
    const double sign = snapshot.info->mode == study::Mode::minimize ? 1.0 : -1.0;
    const bool has_stopped = snapshot.status == RunStatus::stopped;
    std::vector<Entry> entries;
    for (const TrialTable::View* half : {&snapshot.ended, &snapshot.open}) {
        for (std::size_t i = 0; i < half->size(); ++i) {
            const TrialRow& row = (*half)[i];
            const double score = sign * half->best_metric(row, 0);
            if (std::isfinite(score) && (is_success(row.state) || (has_stopped && is_unfinished(row.state)))) {
                entries.push_back({half, &row, score});
            }
        }
    }
    std::ranges::sort(entries, {}, [](const Entry& entry) { return std::pair{entry.score, entry.row->id}; });
    return entries;
}

ordered_json configuration(const Snapshot& snapshot, const Entry& entry) {
    ordered_json result = ordered_json::object();
    for (std::size_t i = 0; i < snapshot.info->parameters.size(); ++i) {
        const space::Value value = entry.half->value(*entry.row, i);
        const bool inactive = std::holds_alternative<space::Inactive>(value);
        const space::Parameter& parameter = snapshot.info->parameters[i];
        result[parameter.name] =
            inactive ? ordered_json(nullptr) : ordered_json(space::to_json(parameter.method, value));
    }
    return result;
}

ordered_json result_of(const Snapshot& snapshot, const Entry& entry) {
    ordered_json result;
    result["time_s"] = number(entry.row->ended - entry.row->started);
    result["timestamp"] = number(entry.row->ended);
    result.update(configuration(snapshot, entry));
    for (std::size_t i = 0; i < snapshot.metrics.size(); ++i) {
        const std::string& name = snapshot.metrics[i];
        const auto& extra = snapshot.info->extra_metrics;
        if (i == 0 || std::ranges::find(extra, name) != extra.end()) {
            result[name] = number(entry.half->best_metric(*entry.row, i));
        }
    }
    return result;
}

ordered_json frame(const Snapshot& snapshot, const std::vector<Entry>& entries) {
    const RunInfo& info = *snapshot.info;
    ordered_json document;
    document["project_name"] = info.project_name;
    document["start_datetime"] = date_text(info.started);
    document["end_datetime"] = date_text(snapshot.time);
    document["start_timestamp"] = info.started;
    document["task_time_s"] = snapshot.time - info.started;
    document["hyperparameters"] = ordered_json::array();
    for (const space::Parameter& parameter : info.parameters) {
        document["hyperparameters"].push_back(parameter.name);
    }
    document["metric"] = info.metric;
    document["mode"] = info.mode == study::Mode::minimize ? "min" : "max";
    const bool any = !entries.empty();
    document["best_config"] = any ? configuration(snapshot, entries.front()) : ordered_json::object();
    document["best_metric_score"] =
        any ? number(entries.front().half->best_metric(*entries.front().row, 0)) : ordered_json(nullptr);
    document["result"] = ordered_json::object();
    return document;
}

std::string text_of(const ordered_json& document) {
    return document.dump(-1, ' ', false, ordered_json::error_handler_t::replace);
}

}  // namespace

std::string metadata_text(const Snapshot& snapshot, std::size_t limit) {
    const std::vector<Entry> entries = results_best_first(snapshot);
    ordered_json document = frame(snapshot, entries);
    // Room for `results_omitted` and for the commas and quotes around each result.
    constexpr std::size_t reserve = 64;
    std::size_t size = text_of(document).size() + reserve;
    // A search space of such a size is no reason to write a file that is refused as a whole.
    for (const char* key : {"best_config", "hyperparameters", "project_name"}) {
        if (size >= limit) {
            document[key] = nullptr;
            size = text_of(document).size() + reserve;
        }
    }
    std::vector<ordered_json> kept;
    for (const Entry& entry : entries) {
        ordered_json result = result_of(snapshot, entry);
        const std::size_t cost = text_of(result).size() + std::to_string(kept.size()).size() + 4;
        if (size + cost >= limit) {
            break;
        }
        size += cost;
        kept.push_back(std::move(result));
    }
    // The original numbers them in the order of time.
    std::ranges::stable_sort(kept, {}, [](const ordered_json& result) {
        return result["timestamp"].is_number() ? result["timestamp"].get<double>() : 0.0;
    });
    const std::size_t omitted = entries.size() - kept.size();
    for (std::size_t i = 0; i < kept.size(); ++i) {
        document["result"][std::to_string(i)] = std::move(kept[i]);
    }
    if (omitted > 0) {
        document["results_omitted"] = omitted;
    }
    return text_of(document);
}

void write_metadata(const std::filesystem::path& path, const Snapshot& snapshot) {
    const std::string text = metadata_text(snapshot);
    replace_file(path, std::as_bytes(std::span{text}));
}

}  // namespace hpogrid::results
