#pragma once

#include "engine/cluster/message.hpp"
#include "engine/core/ids.hpp"

#include <cstdint>
#include <map>
#include <optional>
#include <string>

namespace hpogrid::cluster {

/// The controller's side of copies from memory to memory: which worker saved a checkpoint, and who is on a node with
/// it.
///
/// Copies are numbered, and each worker is told its own in the order of the numbers. Workers that carry them out in
/// this order never wait for each other in a circle: of all copies that are left, the one with the lowest number has
/// nothing before it on either side.
class CopyMatcher {
  public:
    /// \param node the same for all workers that can copy among themselves; 0 = it cannot
    void joined(WorkerId worker, std::uint32_t node);
    /// It is dead, or cannot copy any more.
    void left(WorkerId worker);
    void saved(const std::string& name, WorkerId worker);
    void removed(const std::string& name) { savers_.erase(name); }

    /// What both workers are to be told so that the checkpoint comes to this one; nothing if it cannot, or lies there.
    [[nodiscard]] std::optional<CopyCheckpoint> match(const std::string& name, WorkerId to);

  private:
    std::map<WorkerId, std::uint32_t> nodes_;
    std::map<std::string, WorkerId> savers_;
    std::uint64_t last_number_{0};
};

}  // namespace hpogrid::cluster
