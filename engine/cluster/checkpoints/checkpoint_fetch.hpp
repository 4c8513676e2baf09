#pragma once

#include "engine/cluster/checkpoints/checkpoint_archive.hpp"
#include "engine/cluster/message.hpp"

#include <cstdint>
#include <filesystem>
#include <string>

namespace hpogrid::cluster {

/// Brings one checkpoint from the other side into a folder, part by part: one part is under way at a time, so neither
/// side ever holds more of it in memory.
class CheckpointFetch {
  public:
    /// `checkpoints`: the folder that `<name>/` comes to lie in.
    CheckpointFetch(const std::filesystem::path& checkpoints, std::string name, Durability durability);

    /// What to ask the other side for.
    [[nodiscard]] CheckpointWanted next() const { return {name_, received_}; }
    /// Answers whether the checkpoint is whole now; else next() has moved on. Throws OutputError, FormatError.
    [[nodiscard]] bool take(const CheckpointPart& part);

  private:
    std::string name_;
    CheckpointUnpacker unpacker_;
    std::uint64_t received_{0};
};

/// The other end: the CheckpointPart that is wanted, or CheckpointMissing.
[[nodiscard]] Message part_of(const std::filesystem::path& checkpoints, const CheckpointWanted& wanted);

}  // namespace hpogrid::cluster
