#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>

namespace hpogrid::results {

// A journal is a preamble and records. Preamble: 8 bytes magic, u8 version of the journal, u8 version of the events.
// Record: u32 marker, u32 length of the payload, u32 CRC-32C, payload; little endian. The sum covers the record's place
// in the file (u64), the length and the payload, so a record that was moved or copied is no record. The first payload
// is the header's text, each other one the events of one commit.
//
// One record a commit, because commits reach the disk one after the other, but the pages of one commit in any order:
// only so is a bad record with good ones after it certainly damage, and one without the torn tail of an unfinished
// commit.

inline constexpr std::array<char, 8> journal_magic{'h', 'p', 'o', 'g', 'r', 'i', 'd', 'J'};
inline constexpr std::uint8_t journal_version = 1;
inline constexpr std::size_t preamble_size = journal_magic.size() + 2;
inline constexpr std::uint32_t record_marker = 0x7C0DA9E5;
inline constexpr std::size_t record_head_size = 12;
/// A commit above this many bytes becomes several records.
inline constexpr std::size_t record_target_size = std::size_t{16} << 20U;
inline constexpr std::size_t record_limit = std::size_t{256} << 20U;

using RecordHead = std::array<std::byte, record_head_size>;

struct RecordSummary {
    std::uint32_t length;
    std::uint32_t checksum;
};

[[nodiscard]] std::uint32_t record_checksum(std::uint64_t offset, std::span<const std::byte> payload) noexcept;
[[nodiscard]] RecordHead make_record_head(std::uint64_t offset, std::span<const std::byte> payload) noexcept;
/// Nothing unless marker and length are possible.
[[nodiscard]] std::optional<RecordSummary> parse_record_head(const RecordHead& head) noexcept;

}  // namespace hpogrid::results
