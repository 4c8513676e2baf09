#pragma once

#include "engine/study/checkpoint.hpp"

#include <condition_variable>
#include <deque>
#include <filesystem>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

namespace hpogrid::cluster {

/// The folder of the study's checkpoints as the controller sees it. Removes in a thread of its own: on a network file
/// system that may take seconds. What cannot be removed stays, and is tried again by remove_all_but().
class CheckpointFolder {
  public:
    explicit CheckpointFolder(std::filesystem::path folder);
    CheckpointFolder(const CheckpointFolder&) = delete;
    CheckpointFolder& operator=(const CheckpointFolder&) = delete;
    /// Carries out what was ordered.
    ~CheckpointFolder();

    /// Never waits.
    void remove(const study::Checkpoint& checkpoint);
    /// Removes all checkpoints that are not in the list: those that a killed trial had not finished, and those that
    /// nobody has heard of. Only while no trial runs. Never waits.
    void remove_all_but(const std::vector<study::Checkpoint>& needed);

  private:
    void run();
    void remove_later(std::vector<std::string> names);

    std::filesystem::path folder_;
    std::mutex mutex_;
    std::condition_variable changed_;
    std::deque<std::string> names_;
    bool stopping_{false};
    std::thread thread_;
};

}  // namespace hpogrid::cluster
