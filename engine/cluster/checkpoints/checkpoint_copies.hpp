#pragma once

#include "engine/cluster/message.hpp"
#include "engine/trials/evaluator.hpp"
#include "engine/trials/native/native_checkpoint.hpp"
#include "engine/trials/native/recent_checkpoints.hpp"

#include "kernels/api/collectives.hpp"

#include <array>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <memory>
#include <optional>
#include <span>
#include <utility>
#include <vector>

namespace hpogrid::cluster {

/// A worker's side of copies of native checkpoints from the memory of one worker of a node to that of another, on
/// commands that the controller has matched (CopyMatcher). Nothing in it waits.
///
/// A copy is two exchanges between two members: a header of fixed length, which says which command it belongs to and
/// whether there is anything to give, and then the state. One at a time, in the order of the commands.
///
/// A copy only saves the reading of a file. Where it does not come about, the order goes on without it: a state that
/// its giver no longer has costs this one copy; a member that has died, that does not answer in time or that means
/// another copy ends the membership, and from then on all checkpoints are files.
class CheckpointCopies {
  public:
    struct Options {
        double patience{5.0};  ///< seconds for one exchange
        double farewell{1.0};  ///< seconds for which finish() lets one that is under way come to its end
    };

    /// \param group of the workers of this node; for nothing else from now on
    /// \param ranks of its members, in their order
    CheckpointCopies(kernels::Collectives& group, std::vector<int> ranks, trials::RecentCheckpoints& recent,
                     Options options);
    CheckpointCopies(kernels::Collectives& group, std::vector<int> ranks, trials::RecentCheckpoints& recent)
        : CheckpointCopies{group, std::move(ranks), recent, Options{}} {}
    CheckpointCopies(const CheckpointCopies&) = delete;
    CheckpointCopies& operator=(const CheckpointCopies&) = delete;
    /// Ends the membership if something is under way.
    ~CheckpointCopies();

    void take(const CopyCheckpoint& command);
    /// The order follows with the state that it goes on from if this is in memory or comes there, else without.
    void take(trials::TrialOrder order);
    /// The order, if it waits for a copy: it is to be stopped. The copy goes on, since its giver counts on it.
    [[nodiscard]] std::optional<trials::TrialOrder> withdraw(TrialId trial, std::uint32_t attempt);
    /// Does what can be done without waiting. Answers whether a copy is under way.
    bool advance();
    [[nodiscard]] std::vector<trials::TrialOrder> release() { return std::exchange(released_, {}); }
    /// Before the worker leaves: what is under way must not be left with the transport.
    void finish();

    /// Whether nothing is copied any more.
    [[nodiscard]] bool has_failed() const noexcept { return failed_; }
    /// Checkpoints that came from others.
    [[nodiscard]] std::size_t taken() const noexcept { return taken_; }

  private:
    struct Copy {
        CopyCheckpoint command;
        int partner;  ///< member of the group
        bool gives;
    };
    enum class Phase { waits, header, state };
    static constexpr std::size_t header_size = 8 + 1 + 4 + 8 + 8 + 1 + 8 + 8;

    void begin_header(const Copy& copy);
    /// Ends the copy if the giver has nothing.
    void begin_state(const Copy& copy);
    void exchange(const Copy& copy, std::span<const std::byte> given, std::span<std::byte> taken);
    void follow(const Copy& copy);
    void end_copy(std::shared_ptr<const trials::NativeCheckpoint> state);
    void give_up();

    kernels::Collectives& group_;
    std::vector<int> ranks_;
    trials::RecentCheckpoints& recent_;
    Options options_;
    std::deque<Copy> copies_;  ///< the first is under way, unless its phase says that it waits
    Phase phase_{Phase::waits};
    std::array<std::byte, header_size> header_{};
    std::shared_ptr<const trials::NativeCheckpoint> given_;
    std::shared_ptr<trials::NativeCheckpoint> coming_;
    double deadline_{0.0};
    std::vector<trials::TrialOrder> waiting_;  ///< for one of the copies
    std::vector<trials::TrialOrder> released_;
    std::size_t taken_{0};
    bool failed_{false};
};

}  // namespace hpogrid::cluster
