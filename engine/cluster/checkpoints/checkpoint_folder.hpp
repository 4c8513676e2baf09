#pragma once

#include "engine/cluster/checkpoints/checkpoint_exchange.hpp"
#include "engine/cluster/message.hpp"
#include "engine/core/ids.hpp"
#include "engine/study/checkpoint.hpp"

#include <condition_variable>
#include <deque>
#include <filesystem>
#include <functional>
#include <mutex>
#include <string>
#include <thread>
#include <utility>
#include <vector>

namespace hpogrid::cluster {

/// The folder of the study's checkpoints as the controller sees it. Removes and copies in a thread of its own: on a
/// network file system that may take seconds. No function waits for that.
class CheckpointFolder {
  public:
    struct Reply {
        WorkerId worker;
        Message message;
    };

    explicit CheckpointFolder(std::filesystem::path folder);
    CheckpointFolder(const CheckpointFolder&) = delete;
    CheckpointFolder& operator=(const CheckpointFolder&) = delete;
    /// Carries out what was ordered.
    ~CheckpointFolder();

    /// What cannot be removed stays, and is tried again by remove_all_but().
    void remove(const study::Checkpoint& checkpoint);
    /// Removes all checkpoints that are not in the list: those that a killed trial had not finished, and those that
    /// nobody has heard of. Only while no trial runs.
    void remove_all_but(const std::vector<study::Checkpoint>& needed);

    /// What a distant worker says of checkpoints.
    void handle(WorkerId worker, Message message);
    void forget(WorkerId worker);
    /// What is to be sent to them.
    [[nodiscard]] std::vector<Reply> take_replies();

  private:
    void run();
    void later(std::function<void()> task);

    std::filesystem::path folder_;
    CheckpointExchange exchange_;  ///< of the thread
    std::mutex mutex_;
    std::condition_variable changed_;
    std::deque<std::function<void()>> tasks_;
    std::vector<Reply> replies_;
    bool stopping_{false};
    std::thread thread_;
};

}  // namespace hpogrid::cluster
