#pragma once

#include "engine/core/ids.hpp"
#include "engine/study/event.hpp"
#include "engine/trials/evaluator.hpp"

#include <concepts>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <variant>
#include <vector>

namespace hpogrid::cluster {

// What controller and workers say to each other. On the wire: version (u8), kind (u8), length of the body (u32), body;
// numbers little endian (engine/core/bytes.hpp), events as in the journal (engine/study/event_codec.hpp).

/// Version of the messages below, first byte of each. Raised when one of them changes its form.
inline constexpr std::uint8_t message_format_version = 4;

// Worker → controller.

/// The first message of a worker: it is ready for orders.
struct Hello {
    /// Format of the journal's and the messages' events that the worker speaks.
    std::uint8_t event_format{1};
    std::string host;
    std::uint32_t slots{1};
    std::string gpu;          ///< for people: names and UUIDs, empty without one
    std::int64_t process{0};  ///< process id on its host
    /// Whether the worker sees the controller's folder of checkpoints. Else they travel by the messages below.
    bool shares_checkpoints{true};
    /// The same for all workers that can give each other checkpoints from memory to memory; 0 = it cannot.
    std::uint32_t copying_node{0};
    bool operator==(const Hello&) const = default;
};

/// What happened to trials, in order.
struct Events {
    std::vector<study::Event> events;
};

// Both ways.

/// A sign of life when there is nothing else to say.
struct Heartbeat {
    bool operator==(const Heartbeat&) const = default;
};

// Worker → controller.

/// The worker cannot go on, and waits for its dismissal.
struct Goodbye {
    std::string reason;
    bool operator==(const Goodbye&) const = default;
};

// Controller → worker.

struct Assign {
    std::vector<trials::TrialOrder> orders;
};

struct Stop {
    TrialId trial;
    std::uint32_t attempt{1};
    trials::StopCause cause{trials::StopCause::stopped};
    bool operator==(const Stop&) const = default;
};

/// The attempt waits at its milestone and may go on to the next one.
struct Proceed {
    TrialId trial;
    std::uint32_t attempt{1};
    double milestone{0.0};  ///< infinity = never again
    bool operator==(const Proceed&) const = default;
};

/// So many more of the worker's events are in the journal.
struct Acknowledge {
    std::uint32_t count{0};
    bool operator==(const Acknowledge&) const = default;
};

/// Leave now; whatever still runs is killed.
struct Shutdown {
    bool ranks_died{false};  ///< then MPI_Finalize would wait for them for ever
    bool operator==(const Shutdown&) const = default;
};

/// What every worker needs to know of the project, as JSON: only rank 0 reads the user's files.
struct Settings {
    std::string text;
    bool operator==(const Settings&) const = default;
};

// Checkpoints between nodes without a file system in common. They are named as their folders
// (study::folder_name()) and travel as the bytes of a CheckpointArchive.

/// Worker → controller: a whole checkpoint lies here, ready to be fetched.
struct CheckpointOffered {
    std::string name;
    bool operator==(const CheckpointOffered&) const = default;
};

/// Controller → worker: what was offered is kept, or why that failed.
struct CheckpointStored {
    std::string name;
    std::string problem;  ///< empty = kept
    bool operator==(const CheckpointStored&) const = default;
};

/// Both ways: send the next part of it.
struct CheckpointWanted {
    std::string name;
    std::uint64_t offset{0};
    bool operator==(const CheckpointWanted&) const = default;
};

/// Both ways, the answer.
struct CheckpointPart {
    std::string name;
    std::uint64_t offset{0};
    std::uint64_t size{0};  ///< of the whole archive
    std::vector<std::byte> bytes;
    bool operator==(const CheckpointPart&) const = default;
};

/// Both ways, the answer where there is no such checkpoint, or it cannot be read.
struct CheckpointMissing {
    std::string name;
    std::string problem;
    bool operator==(const CheckpointMissing&) const = default;
};

/// Controller → worker: nobody needs it any more.
struct CheckpointDropped {
    std::string name;
    bool operator==(const CheckpointDropped&) const = default;
};

// The same, from memory to memory among the workers of one node.

/// Controller → worker, to both of them; to the taker before the order that goes on from the checkpoint. See
/// CopyMatcher.
struct CopyCheckpoint {
    std::string name;
    std::uint64_t number{0};  ///< of all copies of the run
    std::uint32_t from{0};    ///< worker that saved it
    std::uint32_t to{0};
    bool operator==(const CopyCheckpoint&) const = default;
};

/// Worker → controller: it cannot copy any more.
struct CopyingEnded {
    bool operator==(const CopyingEnded&) const = default;
};

/// The position in this list is the kind on the wire: append only.
using Message = std::variant<Hello, Events, Heartbeat, Goodbye, Assign, Stop, Acknowledge, Shutdown, Settings, Proceed,
                             CheckpointOffered, CheckpointStored, CheckpointWanted, CheckpointPart, CheckpointMissing,
                             CheckpointDropped, CopyCheckpoint, CopyingEnded>;

[[nodiscard]] std::vector<std::byte> encode(const Hello& message);
[[nodiscard]] std::vector<std::byte> encode(const Events& message);
[[nodiscard]] std::vector<std::byte> encode(const Heartbeat& message);
[[nodiscard]] std::vector<std::byte> encode(const Goodbye& message);
[[nodiscard]] std::vector<std::byte> encode(const Assign& message);
[[nodiscard]] std::vector<std::byte> encode(const Stop& message);
[[nodiscard]] std::vector<std::byte> encode(const Acknowledge& message);
[[nodiscard]] std::vector<std::byte> encode(const Shutdown& message);
[[nodiscard]] std::vector<std::byte> encode(const Settings& message);
[[nodiscard]] std::vector<std::byte> encode(const Proceed& message);
[[nodiscard]] std::vector<std::byte> encode(const CheckpointOffered& message);
[[nodiscard]] std::vector<std::byte> encode(const CheckpointStored& message);
[[nodiscard]] std::vector<std::byte> encode(const CheckpointWanted& message);
[[nodiscard]] std::vector<std::byte> encode(const CheckpointPart& message);
[[nodiscard]] std::vector<std::byte> encode(const CheckpointMissing& message);
[[nodiscard]] std::vector<std::byte> encode(const CheckpointDropped& message);
[[nodiscard]] std::vector<std::byte> encode(const CopyCheckpoint& message);
[[nodiscard]] std::vector<std::byte> encode(const CopyingEnded& message);
/// Only for a whole Message: one alternative goes to its own function above, without a copy.
[[nodiscard]] std::vector<std::byte> encode(const std::same_as<Message> auto& message) {
    return std::visit([](const auto& alternative) { return encode(alternative); }, message);
}

/// Throws FormatError on anything that encode() cannot have written: another version, an unknown kind, a wrong length,
/// a name that no checkpoint has.
[[nodiscard]] Message decode_message(std::span<const std::byte> bytes);

}  // namespace hpogrid::cluster
