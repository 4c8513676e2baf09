#include "engine/trials/native/native_models.hpp"

#include "engine/core/error.hpp"
#include "engine/trials/native/bdt/bdt_model.hpp"
#include "engine/trials/native/event_data_sharing.hpp"
#include "engine/trials/native/mlp/mlp_model.hpp"
#include "engine/trials/native/native_backend.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <nlohmann/json.hpp>
#include <sstream>
#include <utility>

namespace hpogrid::trials {
namespace {

struct Entry {
    std::string_view name;
    unsigned slots;  ///< see standard_slots()
    std::unique_ptr<NativeModel> (*make)(EventData events, const nlohmann::json& param,
                                         const NativeResources& resources);
};

constexpr std::array entries{
    Entry{"mlp", 32, &make_mlp_model},
    // Trees of one trial use all threads.
    Entry{"bdt", 1, &make_bdt_model},
};

const Entry& entry_of(const Native& spec) {
    const auto entry = std::ranges::find(entries, std::string_view{spec.model}, &Entry::name);
    if (entry == entries.end()) {
        throw InputError{fmt::format("model_config.model is '{}' (no native trainer)", spec.model)};
    }
    return *entry;
}

/// UUIDs in a value of CUDA_VISIBLE_DEVICES.
std::vector<std::string> gpus_in(const std::string& visible) {
    std::vector<std::string> gpus;
    std::istringstream list{visible};
    for (std::string gpu; std::getline(list, gpu, ',');) {
        gpus.push_back(gpu);
    }
    return gpus;
}

/// A worker has one trainer, on the GPUs of its first slot. Tells of those of other slots.
std::vector<std::string> gpus_of_trainer(const Surroundings& surroundings) {
    if (surroundings.gpus_of_slot.empty()) {
        return {};
    }
    const std::string& own = surroundings.gpus_of_slot.front();
    std::vector<std::string> idle = surroundings.gpus_of_slot;
    std::erase(idle, own);
    idle.erase(std::unique(idle.begin(), idle.end()), idle.end());
    tell_of_idle_gpus(idle, own, "a worker trains them on the GPUs of one trial; start a worker for each such group");
    return gpus_in(own);
}

}  // namespace

unsigned standard_slots(const Native& spec) {
    return entry_of(spec).slots;
}

std::unique_ptr<NativeModel> make_native_model(const Native& spec, const Surroundings& surroundings, EventData events) {
    const NativeResources resources{.slots = static_cast<int>(std::max(1U, surroundings.slots)),
                                    .threads = static_cast<int>(std::max(1U, surroundings.worker_threads)),
                                    .gpus = gpus_of_trainer(surroundings)};
    const auto param = nlohmann::json::parse(spec.param);
    return entry_of(spec).make(std::move(events), param, resources);
}

std::unique_ptr<NativeModel> make_native_model(const Native& spec, const Surroundings& surroundings) {
    const auto param = nlohmann::json::parse(spec.param);
    const auto read = [&] { return read_event_data(param, surroundings.data_folder); };
    return make_native_model(spec, surroundings, share_event_data(surroundings.node, read));
}

}  // namespace hpogrid::trials
