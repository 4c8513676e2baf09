#include "engine/study/event_codec.hpp"

#include "engine/core/error.hpp"
#include "engine/core/overloaded.hpp"

#include <array>
#include <utility>

namespace hpogrid::study {
namespace {

// Kinds of events and values on the wire: append, never renumber.
enum class ValueKind : std::uint8_t { inactive = 0, real = 1, integer = 2, category = 3 };

space::Value decode_value(ByteReader& reader) {
    switch (const std::uint8_t kind = reader.u8(); static_cast<ValueKind>(kind)) {
        case ValueKind::inactive:
            return space::Inactive{};
        case ValueKind::real:
            return reader.f64();
        case ValueKind::integer:
            return reader.i64();
        case ValueKind::category:
            return space::Category{reader.u32()};
        default:
            throw FormatError{"unknown kind of value " + std::to_string(kind)};
    }
}

void write(const Report& report, ByteWriter& writer) {
    writer.f64(report.iteration);
    writer.f64(report.time);
    writer.u32(static_cast<std::uint32_t>(report.metrics.size()));
    for (const auto& [name, value] : report.metrics) {
        writer.text(name);
        writer.f64(value);
    }
}

Report decode_report(ByteReader& reader) {
    Report report{.iteration = reader.f64(), .time = reader.f64(), .metrics = {}};
    const std::uint32_t size = reader.list_size(sizeof(std::uint32_t) + sizeof(double));
    report.metrics.reserve(size);
    for (std::uint32_t i = 0; i < size; ++i) {
        std::string name = reader.text();
        report.metrics.emplace_back(std::move(name), reader.f64());
    }
    return report;
}

void write(const Checkpoint& checkpoint, ByteWriter& writer) {
    writer.u32(checkpoint.trial.value);
    writer.u32(checkpoint.attempt);
    writer.u32(checkpoint.number);
    writer.f64(checkpoint.iteration);
    writer.u64(checkpoint.bytes);
}

/// Only values that the enumeration has, counted from 0.
template <class Enum>
Enum decode_enum(ByteReader& reader, Enum last) {
    const std::uint8_t value = reader.u8();
    if (value > static_cast<std::uint8_t>(last)) {
        throw FormatError{"value " + std::to_string(value) + " out of range"};
    }
    return static_cast<Enum>(value);
}

void write(const WorkerJoined& event, ByteWriter& writer) {
    writer.u32(event.worker.value);
    writer.u32(event.slots);
    writer.text(event.host);
    writer.text(event.gpu);
    writer.f64(event.time);
}

void write(const WorkerLost& event, ByteWriter& writer) {
    writer.u32(event.worker.value);
    writer.text(event.reason);
    writer.f64(event.time);
}

void write(const Suggested& event, ByteWriter& writer) {
    encode(event.point, writer);
    writer.text(event.origin);
}

void write(const SuggestionsExhausted&, ByteWriter&) {}

void write(const TrialStarted& event, ByteWriter& writer) {
    writer.u32(event.trial.value);
    writer.u32(event.attempt);
    writer.u32(event.worker.value);
    writer.u32(event.slot.value);
    writer.f64(event.time);
}

void write(const TrialReported& event, ByteWriter& writer) {
    writer.u32(event.trial.value);
    writer.u32(event.attempt);
    write(event.report, writer);
}

void write(const TrialEnded& event, ByteWriter& writer) {
    writer.u32(event.trial.value);
    writer.u32(event.attempt);
    writer.u8(static_cast<std::uint8_t>(event.outcome));
    writer.text(event.error);
    writer.text(event.log);
    writer.f64(event.time);
}

void write(const StopRequested& event, ByteWriter& writer) {
    writer.u8(static_cast<std::uint8_t>(event.reason));
    writer.f64(event.time);
}

void write(const StudyResumed& event, ByteWriter& writer) {
    writer.f64(event.time);
}

void write(const CheckpointSaved& event, ByteWriter& writer) {
    write(event.checkpoint, writer);
}

void write(const CheckpointLost& event, ByteWriter& writer) {
    writer.u32(event.trial.value);
    writer.u32(event.attempt);
    writer.text(event.reason);
}

void write(const StudyPlanned& event, ByteWriter& writer) {
    writer.u64(event.num_trials);
}

void write(const DeadlineSet& event, ByteWriter& writer) {
    writer.f64(event.deadline);
    writer.f64(event.time);
}

void write(const TimePassed& event, ByteWriter& writer) {
    writer.f64(event.time);
}

// Braced initialisers are evaluated from left to right, which is the order on the wire.
using Decoder = Event (*)(ByteReader&);
constexpr std::array<Decoder, std::variant_size_v<Event>> decoders{
    [](ByteReader& r) -> Event {
        return WorkerJoined{WorkerId{r.u32()}, r.u32(), r.text(), r.text(), r.f64()};
    },
    [](ByteReader& r) -> Event {
        return WorkerLost{WorkerId{r.u32()}, r.text(), r.f64()};
    },
    [](ByteReader& r) -> Event {
        return Suggested{decode_point(r), r.text()};
    },
    [](ByteReader&) -> Event { return SuggestionsExhausted{}; },
    [](ByteReader& r) -> Event {
        return TrialStarted{TrialId{r.u32()}, r.u32(), WorkerId{r.u32()}, SlotId{r.u32()}, r.f64()};
    },
    [](ByteReader& r) -> Event {
        return TrialReported{TrialId{r.u32()}, r.u32(), decode_report(r)};
    },
    [](ByteReader& r) -> Event {
        return TrialEnded{TrialId{r.u32()}, r.u32(), decode_enum(r, Outcome::cancelled), r.text(), r.text(), r.f64()};
    },
    [](ByteReader& r) -> Event {
        return StopRequested{decode_enum(r, StopReason::user), r.f64()};
    },
    [](ByteReader& r) -> Event { return StudyResumed{r.f64()}; },
    [](ByteReader& r) -> Event {
        return CheckpointSaved{Checkpoint{TrialId{r.u32()}, r.u32(), r.u32(), r.f64(), r.u64()}};
    },
    [](ByteReader& r) -> Event {
        return CheckpointLost{TrialId{r.u32()}, r.u32(), r.text()};
    },
    [](ByteReader& r) -> Event { return StudyPlanned{r.u64()}; },
    [](ByteReader& r) -> Event {
        return DeadlineSet{r.f64(), r.f64()};
    },
    [](ByteReader& r) -> Event { return TimePassed{r.f64()}; },
};

}  // namespace

void encode(const Event& event, ByteWriter& writer) {
    writer.u8(static_cast<std::uint8_t>(event.index()));
    std::visit([&](const auto& alternative) { write(alternative, writer); }, event);
}

Event decode_event(ByteReader& reader) {
    const std::uint8_t kind = reader.u8();
    if (kind >= decoders.size()) {
        throw FormatError{"unknown kind of event " + std::to_string(kind)};
    }
    return decoders[kind](reader);
}

void encode(const space::Point& point, ByteWriter& writer) {
    writer.u32(static_cast<std::uint32_t>(point.size()));
    for (const space::Value& value : point) {
        writer.u8(static_cast<std::uint8_t>(value.index()));
        std::visit(Overloaded{
                       [](space::Inactive) {},
                       [&](double real) { writer.f64(real); },
                       [&](std::int64_t integer) { writer.i64(integer); },
                       [&](space::Category category) { writer.u32(category.index); },
                   },
                   value);
    }
}

space::Point decode_point(ByteReader& reader) {
    space::Point point(reader.list_size(1));
    for (space::Value& value : point) {
        value = decode_value(reader);
    }
    return point;
}

}  // namespace hpogrid::study
