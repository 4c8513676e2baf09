#include "engine/results/journal_format.hpp"

#include "engine/results/crc32c.hpp"

#include <algorithm>

namespace hpogrid::results {
namespace {

template <class Integer>
std::array<std::byte, sizeof(Integer)> little_endian(Integer value) noexcept {
    std::array<std::byte, sizeof(Integer)> bytes{};
    for (std::size_t i = 0; i < bytes.size(); ++i) {
        bytes[i] = static_cast<std::byte>(value >> (8 * i));
    }
    return bytes;
}

std::uint32_t word(std::span<const std::byte> bytes) noexcept {
    std::uint32_t value = 0;
    for (std::size_t i = 0; i < 4; ++i) {
        value |= std::to_integer<std::uint32_t>(bytes[i]) << (8 * i);
    }
    return value;
}

}  // namespace

std::uint32_t record_checksum(std::uint64_t offset, std::span<const std::byte> payload) noexcept {
    std::uint32_t sum = crc32c(little_endian(offset));
    sum = crc32c(little_endian(static_cast<std::uint32_t>(payload.size())), sum);
    return crc32c(payload, sum);
}

RecordHead make_record_head(std::uint64_t offset, std::span<const std::byte> payload) noexcept {
    RecordHead head{};
    const std::array<std::uint32_t, 3> words{record_marker, static_cast<std::uint32_t>(payload.size()),
                                             record_checksum(offset, payload)};
    for (std::size_t i = 0; i < words.size(); ++i) {
        const auto bytes = little_endian(words[i]);
        std::copy(bytes.begin(), bytes.end(), head.begin() + static_cast<std::ptrdiff_t>(4 * i));
    }
    return head;
}

std::optional<RecordSummary> parse_record_head(const RecordHead& head) noexcept {
    const std::span<const std::byte> bytes{head};
    const RecordSummary summary{.length = word(bytes.subspan(4)), .checksum = word(bytes.subspan(8))};
    if (word(bytes) != record_marker || summary.length == 0 || summary.length > record_limit) {
        return std::nullopt;
    }
    return summary;
}

}  // namespace hpogrid::results
