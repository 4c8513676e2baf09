#include "engine/cluster/message.hpp"

#include "engine/core/bytes.hpp"
#include "engine/core/error.hpp"
#include "engine/study/checkpoint.hpp"
#include "engine/study/event_codec.hpp"

#include <array>
#include <limits>
#include <string>
#include <utility>

namespace hpogrid::cluster {
namespace {

template <class Alternative, std::size_t Index = 0>
constexpr std::uint8_t kind_of() {
    if constexpr (std::is_same_v<std::variant_alternative_t<Index, Message>, Alternative>) {
        return static_cast<std::uint8_t>(Index);
    } else {
        return kind_of<Alternative, Index + 1>();
    }
}

void write(const Hello& message, ByteWriter& body) {
    body.u8(message.event_format);
    body.text(message.host);
    body.u32(message.slots);
    body.text(message.gpu);
    body.i64(message.process);
    body.u8(message.shares_checkpoints ? 1 : 0);
    body.u32(message.copying_node);
}

void write(const Events& message, ByteWriter& body) {
    body.u32(static_cast<std::uint32_t>(message.events.size()));
    for (const study::Event& event : message.events) {
        study::encode(event, body);
    }
}

void write(const Assign& message, ByteWriter& body) {
    body.u32(static_cast<std::uint32_t>(message.orders.size()));
    for (const trials::TrialOrder& order : message.orders) {
        body.u32(order.trial.value);
        body.u32(order.attempt);
        body.text(order.configuration);
        body.u64(order.seed);
        body.text(order.checkpoint.native());
        body.f64(order.milestone);
    }
}

void write(const Stop& message, ByteWriter& body) {
    body.u32(message.trial.value);
    body.u32(message.attempt);
    body.u8(static_cast<std::uint8_t>(message.cause));
}

void write(const Acknowledge& message, ByteWriter& body) {
    body.u32(message.count);
}
void write(const Goodbye& message, ByteWriter& body) {
    body.text(message.reason);
}
void write(const Shutdown& message, ByteWriter& body) {
    body.u8(message.ranks_died ? 1 : 0);
}
void write(const Settings& message, ByteWriter& body) {
    body.text(message.text);
}
void write(const Proceed& message, ByteWriter& body) {
    body.u32(message.trial.value);
    body.u32(message.attempt);
    body.f64(message.milestone);
}
void write(const Heartbeat&, ByteWriter&) {}
void write(const CheckpointOffered& message, ByteWriter& body) {
    body.text(message.name);
}
void write(const CheckpointStored& message, ByteWriter& body) {
    body.text(message.name);
    body.text(message.problem);
}
void write(const CheckpointWanted& message, ByteWriter& body) {
    body.text(message.name);
    body.u64(message.offset);
}
void write(const CheckpointPart& message, ByteWriter& body) {
    body.text(message.name);
    body.u64(message.offset);
    body.u64(message.size);
    body.blob(message.bytes);
}
void write(const CheckpointMissing& message, ByteWriter& body) {
    body.text(message.name);
    body.text(message.problem);
}
void write(const CheckpointDropped& message, ByteWriter& body) {
    body.text(message.name);
}
void write(const CopyCheckpoint& message, ByteWriter& body) {
    body.text(message.name);
    body.u64(message.number);
    body.u32(message.from);
    body.u32(message.to);
}
void write(const CopyingEnded&, ByteWriter&) {}

template <class Alternative>
std::vector<std::byte> framed(const Alternative& message) {
    ByteWriter writer;
    writer.u8(message_format_version);
    writer.u8(kind_of<Alternative>());
    const std::size_t length_at = writer.bytes().size();
    writer.u32(0);
    const std::size_t body_at = writer.bytes().size();
    write(message, writer);
    const std::size_t length = writer.bytes().size() - body_at;
    if (length > std::numeric_limits<std::uint32_t>::max()) {
        throw FormatError{"a message of 4 GiB or more"};
    }
    ByteWriter prefix;
    prefix.u32(static_cast<std::uint32_t>(length));
    std::vector<std::byte> bytes = writer.take();
    std::copy(prefix.bytes().begin(), prefix.bytes().end(), bytes.begin() + static_cast<std::ptrdiff_t>(length_at));
    return bytes;
}

// Braced initialisers are evaluated from left to right, which is the order on the wire.

Message read_events(ByteReader& body) {
    Events message;
    const std::uint32_t size = body.list_size(1);
    message.events.reserve(size);
    for (std::uint32_t i = 0; i < size; ++i) {
        message.events.push_back(study::decode_event(body));
    }
    return message;
}

Message read_assign(ByteReader& body) {
    constexpr std::size_t least_order = 4 + 4 + 4 + 8 + 4 + 8;
    Assign message;
    const std::uint32_t size = body.list_size(least_order);
    message.orders.reserve(size);
    for (std::uint32_t i = 0; i < size; ++i) {
        message.orders.push_back({TrialId{body.u32()}, body.u32(), body.text(), body.u64(), body.text(), body.f64()});
    }
    return message;
}

Message read_stop(ByteReader& body) {
    Stop message{.trial = TrialId{body.u32()}, .attempt = body.u32()};
    const std::uint8_t cause = body.u8();
    if (cause > static_cast<std::uint8_t>(trials::StopCause::leaving)) {
        throw FormatError{"unknown cause of a stop " + std::to_string(cause)};
    }
    message.cause = static_cast<trials::StopCause>(cause);
    return message;
}

/// A name becomes a path: none that another folder could be reached with.
std::string read_checkpoint_name(ByteReader& body) {
    std::string name = body.text();
    if (!study::is_checkpoint_name(name) || name.ends_with(study::unfinished_suffix)) {
        throw FormatError{"a name that no checkpoint has"};
    }
    return name;
}

using Decoder = Message (*)(ByteReader&);
constexpr std::array<Decoder, std::variant_size_v<Message>> decoders{
    [](ByteReader& r) -> Message { return Hello{r.u8(), r.text(), r.u32(), r.text(), r.i64(), r.u8() != 0, r.u32()}; },
    read_events,
    [](ByteReader&) -> Message { return Heartbeat{}; },
    [](ByteReader& r) -> Message { return Goodbye{r.text()}; },
    read_assign,
    read_stop,
    [](ByteReader& r) -> Message { return Acknowledge{r.u32()}; },
    [](ByteReader& r) -> Message { return Shutdown{r.u8() != 0}; },
    [](ByteReader& r) -> Message { return Settings{r.text()}; },
    [](ByteReader& r) -> Message {
        return Proceed{TrialId{r.u32()}, r.u32(), r.f64()};
    },
    [](ByteReader& r) -> Message { return CheckpointOffered{read_checkpoint_name(r)}; },
    [](ByteReader& r) -> Message {
        return CheckpointStored{read_checkpoint_name(r), r.text()};
    },
    [](ByteReader& r) -> Message {
        return CheckpointWanted{read_checkpoint_name(r), r.u64()};
    },
    [](ByteReader& r) -> Message {
        return CheckpointPart{read_checkpoint_name(r), r.u64(), r.u64(), r.blob()};
    },
    [](ByteReader& r) -> Message {
        return CheckpointMissing{read_checkpoint_name(r), r.text()};
    },
    [](ByteReader& r) -> Message { return CheckpointDropped{read_checkpoint_name(r)}; },
    [](ByteReader& r) -> Message {
        return CopyCheckpoint{read_checkpoint_name(r), r.u64(), r.u32(), r.u32()};
    },
    [](ByteReader&) -> Message { return CopyingEnded{}; },
};

}  // namespace

std::vector<std::byte> encode(const Hello& message) {
    return framed(message);
}
std::vector<std::byte> encode(const Events& message) {
    return framed(message);
}
std::vector<std::byte> encode(const Heartbeat& message) {
    return framed(message);
}
std::vector<std::byte> encode(const Goodbye& message) {
    return framed(message);
}
std::vector<std::byte> encode(const Assign& message) {
    return framed(message);
}
std::vector<std::byte> encode(const Stop& message) {
    return framed(message);
}
std::vector<std::byte> encode(const Acknowledge& message) {
    return framed(message);
}
std::vector<std::byte> encode(const Shutdown& message) {
    return framed(message);
}
std::vector<std::byte> encode(const Settings& message) {
    return framed(message);
}
std::vector<std::byte> encode(const Proceed& message) {
    return framed(message);
}
std::vector<std::byte> encode(const CheckpointOffered& message) {
    return framed(message);
}
std::vector<std::byte> encode(const CheckpointStored& message) {
    return framed(message);
}
std::vector<std::byte> encode(const CheckpointWanted& message) {
    return framed(message);
}
std::vector<std::byte> encode(const CheckpointPart& message) {
    return framed(message);
}
std::vector<std::byte> encode(const CheckpointMissing& message) {
    return framed(message);
}
std::vector<std::byte> encode(const CheckpointDropped& message) {
    return framed(message);
}
std::vector<std::byte> encode(const CopyCheckpoint& message) {
    return framed(message);
}
std::vector<std::byte> encode(const CopyingEnded& message) {
    return framed(message);
}

Message decode_message(std::span<const std::byte> bytes) {
    ByteReader reader{bytes};
    if (const std::uint8_t version = reader.u8(); version != message_format_version) {
        throw FormatError{"message of format " + std::to_string(version) + ", expected " +
                          std::to_string(message_format_version)};
    }
    const std::uint8_t kind = reader.u8();
    if (kind >= decoders.size()) {
        throw FormatError{"unknown kind of message " + std::to_string(kind)};
    }
    constexpr std::size_t prefix = 1 + 1 + 4;
    if (const std::uint32_t length = reader.u32(); length != bytes.size() - prefix) {
        throw FormatError{"message announces " + std::to_string(length) + " bytes and has " +
                          std::to_string(bytes.size() - prefix)};
    }
    Message message = decoders[kind](reader);
    reader.expect_end();
    return message;
}

}  // namespace hpogrid::cluster
