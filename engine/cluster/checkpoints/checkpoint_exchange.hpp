#pragma once

#include "engine/cluster/checkpoints/checkpoint_fetch.hpp"
#include "engine/cluster/message.hpp"
#include "engine/core/ids.hpp"

#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <utility>

namespace hpogrid::cluster {

/// The controller's side of checkpoints that travel: keeps every one that a distant worker offers, and hands out those
/// that one goes on from. So the loss of a node loses no checkpoint, and a resumed study needs no particular nodes.
/// Reads and writes files: not for the controller's own thread.
class CheckpointExchange {
  public:
    explicit CheckpointExchange(std::filesystem::path folder) : folder_{std::move(folder)} {}

    /// What to answer the worker, if anything.
    [[nodiscard]] std::optional<Message> answer(WorkerId worker, const Message& message);
    /// The worker is lost, and with it what was under way from it.
    void forget(WorkerId worker);

  private:
    using Fetches = std::map<std::pair<WorkerId, std::string>, CheckpointFetch>;

    [[nodiscard]] Message begin(WorkerId worker, const CheckpointOffered& offered);
    [[nodiscard]] std::optional<Message> go_on(WorkerId worker, const CheckpointPart& part);

    std::filesystem::path folder_;
    Fetches fetches_;
};

}  // namespace hpogrid::cluster
