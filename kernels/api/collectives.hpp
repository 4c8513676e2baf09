#pragma once

#include <algorithm>
#include <array>
#include <chrono>
#include <cstddef>
#include <functional>
#include <memory>
#include <span>
#include <thread>

namespace hpogrid::kernels {

/// What becomes of an operation.
enum class Transfer {
    under_way,
    done,
    failed,  ///< a member that this one needed is dead, or the means broke: the group is of no use any more
};

/// Moves memory of the host between the members of a group: processes that were numbered 0 … size − 1 beforehand.
/// Nothing in it waits: an operation is begun, and advance() is called until it is no longer under way. One operation
/// at a time for each member.
///
/// A broadcast concerns all members, an exchange those between whom something moves; others take no part in it. All
/// operations have one order that every member keeps to in those that concern it, so that no members wait for each
/// other in a circle.
///
/// A member that dies holds up nobody. Who needs bytes of it sees `failed`; a root that gave to it goes on.
class Collectives {
  public:
    struct Send {
        int to;
        std::span<const std::byte> bytes;
    };
    struct Receive {
        int from;
        std::span<std::byte> bytes;
    };

    Collectives() = default;
    Collectives(const Collectives&) = delete;
    Collectives& operator=(const Collectives&) = delete;
    virtual ~Collectives() = default;

    [[nodiscard]] virtual int rank() const noexcept = 0;
    [[nodiscard]] virtual int size() const noexcept = 0;

    /// Begins to give the root's bytes to all members. Of one length everywhere; they must stay where they are until
    /// this is no longer under way. Throws std::runtime_error if a device refuses.
    virtual void broadcast(int root, std::span<std::byte> bytes) = 0;
    /// Begins a group of sends and receives. Those between two members are matched in the order in which each of them
    /// names them, and have one length on both sides. Throws as broadcast().
    virtual void exchange(std::span<const Send> sends, std::span<const Receive> receives) = 0;
    /// Does what can be done without waiting. `done` if nothing was begun.
    [[nodiscard]] virtual Transfer advance() = 0;
    /// Gives up what is under way: from now on everything fails. Members that still want something see it as a death.
    virtual void abort() noexcept = 0;
};

/// Gives the group turns until nothing is under way, and sleeps between them.
[[nodiscard]] inline Transfer wait(Collectives& group) {
    using std::chrono::microseconds;
    constexpr microseconds longest{2000};
    microseconds pause{20};
    Transfer state = group.advance();
    for (; state == Transfer::under_way; state = group.advance()) {
        std::this_thread::sleep_for(pause);
        pause = std::min(longest, pause + pause / 8);
    }
    return state;
}

/// Whether a member is known to be dead.
using DeathWatch = std::function<bool(int member)>;

/// What the members of an NCCL group must have in common.
using NcclId = std::array<std::byte, 128>;

/// One member of a group of GPUs.
struct NcclMember {
    int device;  ///< of this process, as in make_cuda_backend()
    int rank;
    int size;
    NcclId id;
    DeathWatch has_died;
    double patience{60.0};  ///< seconds for an operation, and for coming together, after which it has failed
};

/// Whether this was built with CUDA and NCCL.
[[nodiscard]] bool nccl_built() noexcept;
/// For one member to make, and to hand to all others. \throws NotCompiled, std::runtime_error
[[nodiscard]] NcclId make_nccl_id();
/// Joins a group of GPUs: its first operation is begun, advance() says when all members are there. No GPU may be in it
/// twice: NCCL refuses that. \throws NotCompiled, std::runtime_error
[[nodiscard]] std::unique_ptr<Collectives> make_nccl_collectives(const NcclMember& member);

}  // namespace hpogrid::kernels
