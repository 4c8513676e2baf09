#pragma once

#include "engine/cluster/checkpoints/checkpoint_fetch.hpp"
#include "engine/cluster/message.hpp"
#include "engine/cluster/transport.hpp"
#include "engine/study/event.hpp"
#include "engine/trials/evaluator.hpp"

#include <cstddef>
#include <cstdint>
#include <deque>
#include <filesystem>
#include <map>
#include <string>
#include <utility>
#include <vector>

namespace hpogrid::cluster {

/// The side of a worker that does not see the controller's folder of checkpoints. It keeps them in a folder of its own,
/// hands new ones over before anybody hears of them, and fetches those that its trials go on from.
///
/// Everything that a trial tells after it has saved a checkpoint is held until the controller has it, so that what the
/// study knows of is always there. A checkpoint that cannot be handed over is as good as not saved.
class CheckpointCourier {
  public:
    /// What the worker may carry out or pass on now.
    struct Released {
        std::vector<trials::TrialOrder> orders;
        std::vector<trials::TrialNews> news;
        std::vector<study::CheckpointLost> lost;
    };

    /// `folder` is made here, and removed at the end with all that is in it. Throws OutputError.
    CheckpointCourier(std::filesystem::path folder, Transport& transport);
    CheckpointCourier(const CheckpointCourier&) = delete;
    CheckpointCourier& operator=(const CheckpointCourier&) = delete;
    ~CheckpointCourier();

    /// The order follows when its checkpoint is here.
    void take(trials::TrialOrder order);
    /// The news follow in the order of each attempt.
    void take(std::vector<trials::TrialNews> news);
    /// The controller's part of the exchange; other messages pass without effect.
    void take(const Message& message);
    /// The order, if it is held, follows without its checkpoint: it is to be stopped anyway.
    void stop(TrialId trial, std::uint32_t attempt);

    [[nodiscard]] Released release() { return std::exchange(released_, {}); }
    /// News that wait.
    [[nodiscard]] std::size_t held() const noexcept { return held_count_; }

  private:
    using Attempt = std::pair<TrialId, std::uint32_t>;
    struct Held {
        trials::TrialNews news;
        bool waits{false};  ///< for the controller to have the checkpoint
    };

    void settle(const CheckpointStored& stored);
    void receive(const CheckpointPart& part);
    void lose(const std::string& name, const std::string& problem);
    void drop(const std::string& name);
    void send(const Message& message);

    std::filesystem::path folder_;
    Transport& transport_;
    std::map<Attempt, std::deque<Held>> held_;
    std::size_t held_count_{0};
    std::map<std::string, Attempt> offers_;
    std::map<std::string, CheckpointFetch> fetches_;
    std::multimap<std::string, trials::TrialOrder> waiting_;
    Released released_;
};

}  // namespace hpogrid::cluster
