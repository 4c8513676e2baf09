#include "engine/cluster/checkpoints/checkpoint_exchange.hpp"

#include "engine/core/overloaded.hpp"

#include <exception>
#include <system_error>
#include <variant>

namespace hpogrid::cluster {
namespace fs = std::filesystem;

std::optional<Message> CheckpointExchange::answer(WorkerId worker, const Message& message) {
    return std::visit(
        Overloaded{
            [&](const CheckpointOffered& offered) -> std::optional<Message> { return begin(worker, offered); },
            [&](const CheckpointPart& part) { return go_on(worker, part); },
            [&](const CheckpointMissing& missing) -> std::optional<Message> {
                fetches_.erase({worker, missing.name});
                return CheckpointStored{missing.name, missing.problem};
            },
            [&](const CheckpointWanted& wanted) -> std::optional<Message> { return part_of(folder_, wanted); },
            [](const auto&) -> std::optional<Message> { return std::nullopt; },
        },
        message);
}

Message CheckpointExchange::begin(WorkerId worker, const CheckpointOffered& offered) {
    std::error_code error;
    if (fs::exists(folder_ / offered.name, error)) {
        return CheckpointStored{offered.name, {}};
    }
    // A second offer begins anew: the unpacker of the first must be gone before.
    fetches_.erase({worker, offered.name});
    const auto [fetch, is_new] = fetches_.try_emplace({worker, offered.name}, folder_, offered.name, Durability::kept);
    return fetch->second.next();
}

std::optional<Message> CheckpointExchange::go_on(WorkerId worker, const CheckpointPart& part) {
    const auto fetch = fetches_.find({worker, part.name});
    if (fetch == fetches_.end()) {
        return std::nullopt;
    }
    try {
        if (!fetch->second.take(part)) {
            return fetch->second.next();
        }
        fetches_.erase(fetch);
        return CheckpointStored{part.name, {}};
    } catch (const std::exception& error) {
        fetches_.erase(fetch);
        return CheckpointStored{part.name, error.what()};
    }
}

void CheckpointExchange::forget(WorkerId worker) {
    std::erase_if(fetches_, [&](const auto& fetch) { return fetch.first.first == worker; });
}

}  // namespace hpogrid::cluster
