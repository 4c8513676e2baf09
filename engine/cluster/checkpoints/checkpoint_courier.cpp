#include "engine/cluster/checkpoints/checkpoint_courier.hpp"

#include "engine/core/overloaded.hpp"
#include "engine/results/file.hpp"
#include "engine/study/checkpoint.hpp"

#include <fmt/core.h>

#include <algorithm>
#include <cstdio>
#include <exception>
#include <system_error>
#include <variant>

namespace hpogrid::cluster {
namespace fs = std::filesystem;
namespace {

std::pair<TrialId, std::uint32_t> attempt_of(const trials::TrialNews& news) {
    return std::visit(Overloaded{
                          [](const trials::AttemptSaved& saved) {
                              return std::pair{saved.checkpoint.trial, saved.checkpoint.attempt};
                          },
                          [](const auto& other) {
                              return std::pair{other.trial, other.attempt};
                          },
                      },
                      news);
}

}  // namespace

CheckpointCourier::CheckpointCourier(fs::path folder, Transport& transport)
    : folder_{std::move(folder)}, transport_{transport} {
    std::error_code error;
    fs::create_directories(folder_, error);
    if (error) {
        throw results::system_error(folder_, "created", error.value());
    }
}

CheckpointCourier::~CheckpointCourier() {
    std::error_code ignored;
    fs::remove_all(folder_, ignored);
}

void CheckpointCourier::take(trials::TrialOrder order) {
    if (order.checkpoint.empty()) {
        released_.orders.push_back(std::move(order));
        return;
    }
    const std::string name = order.checkpoint.filename().string();
    order.checkpoint = folder_ / name;
    std::error_code error;
    if (fs::exists(order.checkpoint, error)) {
        released_.orders.push_back(std::move(order));
        return;
    }
    waiting_.emplace(name, std::move(order));
    if (const auto [fetch, is_new] = fetches_.try_emplace(name, folder_, name, Durability::cache); is_new) {
        send(fetch->second.next());
    }
}

void CheckpointCourier::take(std::vector<trials::TrialNews> news) {
    for (trials::TrialNews& each : news) {
        const Attempt attempt = attempt_of(each);
        if (const auto* saved = std::get_if<trials::AttemptSaved>(&each)) {
            const std::string name = folder_name(saved->checkpoint);
            offers_[name] = attempt;
            send(CheckpointOffered{name});
            held_[attempt].push_back({std::move(each), true});
            ++held_count_;
        } else if (const auto before = held_.find(attempt); before != held_.end()) {
            before->second.push_back({std::move(each), false});
            ++held_count_;
        } else {
            released_.news.push_back(std::move(each));
        }
    }
}

void CheckpointCourier::take(const Message& message) {
    std::visit(Overloaded{
                   [&](const CheckpointStored& stored) { settle(stored); },
                   [&](const CheckpointWanted& wanted) { send(part_of(folder_, wanted)); },
                   [&](const CheckpointPart& part) { receive(part); },
                   [&](const CheckpointMissing& missing) { lose(missing.name, missing.problem); },
                   [&](const CheckpointDropped& dropped) { drop(dropped.name); },
                   [](const auto&) {},
               },
               message);
}

void CheckpointCourier::settle(const CheckpointStored& stored) {
    const auto offer = offers_.extract(stored.name);
    if (offer.empty()) {
        return;
    }
    auto held = held_.find(offer.mapped());
    std::deque<Held>& queue = held->second;
    const auto saved = std::ranges::find_if(queue, [&](const Held& each) {
        const auto* checkpoint = std::get_if<trials::AttemptSaved>(&each.news);
        return checkpoint != nullptr && folder_name(checkpoint->checkpoint) == stored.name;
    });
    if (stored.problem.empty()) {
        saved->waits = false;
    } else {
        fmt::print(stderr, "hpogrid-engine: checkpoint {} cannot be kept: {}\n", stored.name, stored.problem);
        queue.erase(saved);
        --held_count_;
        drop(stored.name);
    }
    while (!queue.empty() && !queue.front().waits) {
        released_.news.push_back(std::move(queue.front().news));
        queue.pop_front();
        --held_count_;
    }
    if (queue.empty()) {
        held_.erase(held);
    }
}

void CheckpointCourier::receive(const CheckpointPart& part) {
    const auto fetch = fetches_.find(part.name);
    if (fetch == fetches_.end()) {
        return;
    }
    try {
        if (!fetch->second.take(part)) {
            send(fetch->second.next());
            return;
        }
    } catch (const std::exception& error) {
        lose(part.name, error.what());
        return;
    }
    fetches_.erase(fetch);
    const auto [first, last] = waiting_.equal_range(part.name);
    for (auto order = first; order != last; ++order) {
        released_.orders.push_back(std::move(order->second));
    }
    waiting_.erase(first, last);
}

void CheckpointCourier::lose(const std::string& name, const std::string& problem) {
    fetches_.erase(name);
    const auto [first, last] = waiting_.equal_range(name);
    for (auto order = first; order != last; ++order) {
        released_.lost.push_back({order->second.trial, order->second.attempt, problem});
    }
    waiting_.erase(first, last);
}

void CheckpointCourier::stop(TrialId trial, std::uint32_t attempt) {
    const auto order = std::ranges::find_if(
        waiting_, [&](const auto& entry) { return entry.second.trial == trial && entry.second.attempt == attempt; });
    if (order == waiting_.end()) {
        return;
    }
    const std::string name = order->first;
    order->second.checkpoint.clear();
    released_.orders.push_back(std::move(order->second));
    waiting_.erase(order);
    if (!waiting_.contains(name)) {
        fetches_.erase(name);
    }
}

void CheckpointCourier::drop(const std::string& name) {
    fetches_.erase(name);
    std::error_code ignored;
    fs::remove_all(folder_ / name, ignored);
}

void CheckpointCourier::send(const Message& message) {
    transport_.send(0, encode(message));
}

}  // namespace hpogrid::cluster
