#pragma once

#include "engine/trials/native/native_checkpoint.hpp"

#include <cstddef>
#include <deque>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>

namespace hpogrid::trials {

/// The checkpoints that native trials of this process saved last, in memory: who goes on from one of them reads no
/// file. A copy of what is on the disk, which stays the truth; what is not found here is read from there. Any thread
/// may use it.
class RecentCheckpoints {
  public:
    /// What is kept at most. The oldest make room.
    struct Limits {
        std::size_t count{1024};
        std::size_t bytes{std::size_t{256} << 20};  ///< of their states
    };

    RecentCheckpoints() : RecentCheckpoints{Limits{}} {}
    explicit RecentCheckpoints(Limits limits) : limits_{limits} {}

    /// \param name of its folder, see study::folder_name(): no other checkpoint of the run has it
    void keep(std::string name, std::shared_ptr<const NativeCheckpoint> checkpoint);
    /// Null if it is not kept (any more).
    [[nodiscard]] std::shared_ptr<const NativeCheckpoint> find(std::string_view name) const;

  private:
    struct Entry {
        std::string name;
        std::shared_ptr<const NativeCheckpoint> checkpoint;
    };

    Limits limits_;
    mutable std::mutex mutex_;
    std::deque<Entry> entries_;  ///< the oldest first
    std::size_t bytes_{0};
};

}  // namespace hpogrid::trials
