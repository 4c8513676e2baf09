#include "engine/results/crc32c.hpp"

#include <array>

namespace hpogrid::results {
namespace {

// Slicing-by-8 (Kounavis, Berry, "A systematic approach to building high performance software-based CRC generators",
// ISCC 2005): table k gives the effect of a byte that is followed by k zero bytes.
constexpr std::size_t slices = 8;
using Tables = std::array<std::array<std::uint32_t, 256>, slices>;

constexpr Tables make_tables() {
    constexpr std::uint32_t reflected_polynomial = 0x82F63B78U;
    Tables tables{};
    for (std::uint32_t byte = 0; byte < 256; ++byte) {
        std::uint32_t value = byte;
        for (int bit = 0; bit < 8; ++bit) {
            value = (value >> 1U) ^ ((value & 1U) != 0 ? reflected_polynomial : 0U);
        }
        tables[0][byte] = value;
    }
    for (std::size_t slice = 1; slice < slices; ++slice) {
        for (std::size_t byte = 0; byte < 256; ++byte) {
            const std::uint32_t shorter = tables[slice - 1][byte];
            tables[slice][byte] = (shorter >> 8U) ^ tables[0][shorter & 0xFFU];
        }
    }
    return tables;
}

constexpr Tables tables = make_tables();

std::uint32_t little_endian_word(const std::byte* bytes) noexcept {
    return std::to_integer<std::uint32_t>(bytes[0]) | std::to_integer<std::uint32_t>(bytes[1]) << 8U |
           std::to_integer<std::uint32_t>(bytes[2]) << 16U | std::to_integer<std::uint32_t>(bytes[3]) << 24U;
}

}  // namespace

std::uint32_t crc32c(std::span<const std::byte> bytes, std::uint32_t previous) noexcept {
    std::uint32_t sum = ~previous;
    while (bytes.size() >= slices) {
        const std::uint32_t low = sum ^ little_endian_word(bytes.data());
        const std::uint32_t high = little_endian_word(bytes.data() + 4);
        sum = tables[7][low & 0xFFU] ^ tables[6][(low >> 8U) & 0xFFU] ^ tables[5][(low >> 16U) & 0xFFU] ^
              tables[4][low >> 24U] ^ tables[3][high & 0xFFU] ^ tables[2][(high >> 8U) & 0xFFU] ^
              tables[1][(high >> 16U) & 0xFFU] ^ tables[0][high >> 24U];
        bytes = bytes.subspan(slices);
    }
    for (const std::byte byte : bytes) {
        sum = (sum >> 8U) ^ tables[0][(sum ^ std::to_integer<std::uint32_t>(byte)) & 0xFFU];
    }
    return ~sum;
}

}  // namespace hpogrid::results
