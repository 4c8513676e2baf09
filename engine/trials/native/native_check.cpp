#include "engine/trials/native/native_check.hpp"

#include "engine/core/error.hpp"
#include "engine/core/nearest.hpp"
#include "engine/trials/native/event_data.hpp"
#include "engine/trials/native/native_models.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>
#include <utility>

namespace hpogrid::trials {
namespace {

using nlohmann::json;

void check_metric(const Native& spec, const std::string& metric, const std::vector<std::string_view>& names) {
    if (!metric.empty() && std::ranges::find(names, std::string_view{metric}) == names.end()) {
        throw InputError{
            fmt::format("key 'hpo_config.metric' is '{}' (model '{}' does not report it for this data{}), "
                        "allowed: {}",
                        metric, spec.model, did_you_mean(metric, names), join_names(names))};
    }
}

void check_searched(const std::vector<std::string>& searched) {
    for (const std::string& name : searched) {
        if (std::ranges::find(data_keys(), std::string_view{name}) != data_keys().end()) {
            throw InputError{fmt::format(
                "key 'search_space.{}' describes the data, which all trials share, allowed: hyperparameters", name)};
        }
    }
}

void check_changing(const Native& spec, const std::vector<std::string>& changing,
                    std::span<const std::string_view> lasting) {
    for (const std::string& name : changing) {
        if (std::ranges::find(lasting, std::string_view{name}) != lasting.end()) {
            throw InputError{fmt::format(
                "the scheduler would change '{}' of trials in training (which model '{}' keeps), allowed: a "
                "scheduler_param key 'hyperparam_mutations' with other hyperparameters",
                name, spec.model)};
        }
    }
}

}  // namespace

void check_model(const Native& spec, const NativeModel& model, const std::string& metric) {
    json configuration = json::parse(spec.param);
    for (const std::string& name : spec.searched) {
        // A name without a value: the standard value is taken.
        configuration[name] = nullptr;
    }
    model.check(configuration);
    check_changing(spec, spec.changing, model.lasting());
    check_metric(spec, metric, model.metric_names());
}

void check_native(const Native& spec, const Surroundings& surroundings) {
    check_searched(spec.searched);
    EventData events = outline_event_data(json::parse(spec.param), surroundings.data_folder);
    check_model(spec, *make_native_model(spec, surroundings, std::move(events)), surroundings.metric);
}

}  // namespace hpogrid::trials
