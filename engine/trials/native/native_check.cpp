#include "engine/trials/native/native_check.hpp"

#include "engine/core/error.hpp"
#include "engine/core/nearest.hpp"
#include "engine/trials/native/event_data.hpp"
#include "engine/trials/native/mlp_settings.hpp"
#include "engine/trials/native/native_metrics.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>
#include <stdexcept>

namespace hpogrid::trials {
namespace {

using nlohmann::json;

void check_metric(const std::string& metric, int classes) {
    std::vector<std::string_view> names = metric_names(classes);
    if (!metric.empty() && std::ranges::find(names, std::string_view{metric}) == names.end()) {
        throw InputError{
            fmt::format("key 'hpo_config.metric' is '{}' (model 'mlp' does not report it for this data{}), "
                        "allowed: {}",
                        metric, did_you_mean(metric, names), join_names(names))};
    }
}

}  // namespace

void check_native(const Native& spec, const Surroundings& surroundings, std::span<const std::string> searched) {
    json configuration = json::parse(spec.param);
    const EventData events = read_event_data(configuration, surroundings.data_folder);
    for (const std::string& name : searched) {
        if (std::ranges::find(data_keys(), std::string_view{name}) != data_keys().end()) {
            throw InputError{fmt::format(
                "key 'search_space.{}' describes the data, which all trials share, allowed: hyperparameters", name)};
        }
        // A name without a value: the standard value is taken.
        configuration[name] = nullptr;
    }
    const auto backend = kernels::make_host_backend(1);
    try {
        const kernels::DataSet data{*backend, events.table, events.folds};
        static_cast<void>(read_mlp_trial(configuration, data));
    } catch (const std::invalid_argument& error) {
        throw InputError{fmt::format("model_config.param: {}", error.what())};
    }
    check_metric(surroundings.metric, events.table.classes);
}

}  // namespace hpogrid::trials
