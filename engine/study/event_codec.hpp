#pragma once

#include "engine/core/bytes.hpp"
#include "engine/study/event.hpp"

namespace hpogrid::study {

/// Version of the encoding below: first byte of journals and messages. Raised when an event changes its form.
inline constexpr std::uint8_t event_format_version = 1;

/// Binary form of an event, the same in the journal and on the wire.
void encode(const Event& event, ByteWriter& writer);
/// Throws FormatError on anything that encode() cannot have written.
[[nodiscard]] Event decode_event(ByteReader& reader);

void encode(const space::Point& point, ByteWriter& writer);
[[nodiscard]] space::Point decode_point(ByteReader& reader);

}  // namespace hpogrid::study
