#pragma once

#include "engine/study/checkpoint.hpp"

#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <tuple>
#include <vector>

namespace hpogrid::study {

/// The checkpoints that somebody needs, counted by reference. A handle is valid while its checkpoint is referenced.
class CheckpointBook {
  public:
    using Handle = std::uint32_t;

    /// Takes in a new checkpoint with one reference.
    Handle add(const Checkpoint& checkpoint);
    void acquire(Handle handle) { ++entries_[handle].references; }
    /// Gives up one reference. Answers the checkpoint if that was the last.
    std::optional<Checkpoint> release(Handle handle);

    [[nodiscard]] const Checkpoint& operator[](Handle handle) const { return entries_[handle].checkpoint; }
    [[nodiscard]] bool contains(const Checkpoint& checkpoint) const { return handles_.contains(name(checkpoint)); }
    [[nodiscard]] std::size_t size() const noexcept { return handles_.size(); }
    [[nodiscard]] std::uint64_t bytes() const noexcept { return bytes_; }
    /// All of them, in the order of their names.
    [[nodiscard]] std::vector<Checkpoint> all() const;

  private:
    using Name = std::tuple<std::uint32_t, std::uint32_t, std::uint32_t>;
    struct Entry {
        Checkpoint checkpoint;
        std::uint32_t references{0};
    };
    [[nodiscard]] static Name name(const Checkpoint& checkpoint) noexcept {
        return {checkpoint.trial.value, checkpoint.attempt, checkpoint.number};
    }

    std::vector<Entry> entries_;
    std::vector<Handle> free_;
    std::map<Name, Handle> handles_;
    std::uint64_t bytes_{0};
};

}  // namespace hpogrid::study
