#include "launchers/sites/gpu_queue.hpp"

#include "engine/core/error.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <string_view>

namespace hpogrid::launchers {
namespace {

using nlohmann::json;

std::string text(const json& object, const char* key) {
    const json value = object.value(key, json{});
    return value.is_string() ? value.get<std::string>() : "";
}

/// CRIC writes numbers as texts in places; 0 stands for "not said".
std::optional<std::int64_t> number(const json& object, const char* key) {
    const json value = object.value(key, json{});
    const std::int64_t found = value.is_number()   ? value.get<std::int64_t>()
                               : value.is_string() ? std::atoll(value.get<std::string>().c_str())
                                                   : 0;
    return found > 0 ? std::optional{found} : std::nullopt;
}

/// One text, or each of a list of them.
std::vector<std::string> texts(const json& value) {
    std::vector<std::string> list;
    for (const json& each : value.is_array() ? value : json::array({value})) {
        if (each.is_string() && !each.get<std::string>().empty()) {
            list.push_back(each.get<std::string>());
        }
    }
    return list;
}

/// The architecture that is a GPU; null where there is none.
json gpu_of(const json& queue) {
    const json architectures = queue.value("architectures", json{});
    for (const json& each : architectures.is_array() ? architectures : json::array()) {
        if (each.is_object() && text(each, "type") == "gpu") {
            return each;
        }
    }
    return {};
}

/// Whether "gpu" is one of the words that commas part.
bool has_gpu(std::string_view catchall) {
    for (std::size_t begin = 0; begin <= catchall.size();) {
        const std::size_t end = std::min(catchall.find(',', begin), catchall.size());
        const std::string_view word = catchall.substr(begin, end - begin);
        if (word == "gpu" || word.starts_with("gpu=")) {
            return true;
        }
        begin = end + 1;
    }
    return false;
}

GpuQueue queue_of(const std::string& name, const json& queue, const json& gpu) {
    const json architecture = gpu.is_object() ? gpu : json::object();
    const auto vendors = texts(architecture.value("vendor", json{}));
    return {.name = name,
            .state = text(queue, "state"),
            .status = text(queue, "status"),
            .site = text(queue, "atlas_site").empty() ? text(queue, "gstat") : text(queue, "atlas_site"),
            .vendor = fmt::format("{}", fmt::join(vendors, ", ")),
            .models = texts(architecture.value("model", json{})),
            .cores = number(queue, "corecount"),
            .memory = number(queue, "maxrss"),
            .wall_time = number(queue, "maxtime"),
            .container = text(queue, "container_type")};
}

std::string or_nothing(const std::optional<std::int64_t>& value) {
    return value ? fmt::format("{}", *value) : "";
}

/// "72 h", "1.5 h"
std::string hours(const std::optional<std::int64_t>& seconds) {
    constexpr double an_hour = 3600.0;
    return seconds ? fmt::format("{:.3g} h", static_cast<double>(*seconds) / an_hour) : "";
}

json or_null(const std::optional<std::int64_t>& value) {
    return value ? json(*value) : json{};
}

}  // namespace

std::vector<GpuQueue> gpu_queues(const json& queues) {
    if (!queues.is_object()) {
        throw InputError{"the list of queues is no object of queues, allowed: CRIC's cric_pandaqueues.json"};
    }
    std::vector<GpuQueue> found;
    for (const auto& [name, queue] : queues.items()) {
        const json gpu = queue.is_object() ? gpu_of(queue) : json{};
        if (queue.is_object() &&
            (!gpu.is_null() || text(queue, "resource_type") == "gpu" || has_gpu(text(queue, "catchall")))) {
            found.push_back(queue_of(name, queue, gpu));
        }
    }
    std::ranges::sort(found, {}, &GpuQueue::name);
    return found;
}

TextTable queue_table(std::span<const GpuQueue> queues) {
    TextTable table{{"queue", "state", "gpu", "wall time", "cores", "memory", "site"}, {}, {}};
    for (const GpuQueue& queue : queues) {
        const std::string models = fmt::format("{}", fmt::join(queue.models, ", "));
        table.rows.push_back({queue.name, queue.is_active() ? queue.status : queue.state,
                              queue.vendor + (queue.vendor.empty() || models.empty() ? "" : " ") + models,
                              hours(queue.wall_time), or_nothing(queue.cores),
                              queue.memory ? fmt::format("{} MB", *queue.memory) : "", queue.site});
        const bool runs = queue.is_active() && queue.status == "online";
        table.styles.emplace_back(runs ? "32" : "33");
    }
    return table;
}

json json_of(std::span<const GpuQueue> queues) {
    json list = json::array();
    for (const GpuQueue& queue : queues) {
        list.push_back({{"queue", queue.name},
                        {"state", queue.state},
                        {"status", queue.status},
                        {"site", queue.site},
                        {"vendor", queue.vendor},
                        {"models", queue.models},
                        {"cores", or_null(queue.cores)},
                        {"memory_mb", or_null(queue.memory)},
                        {"wall_time_s", or_null(queue.wall_time)},
                        {"container", queue.container}});
    }
    return list;
}

}  // namespace hpogrid::launchers
