#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

namespace hpogrid::results {

/// CRC-32C (Castagnoli, polynomial 0x1EDC6F41, reflected; RFC 3720 appendix B.4). `previous` continues an earlier sum:
/// crc32c(b, crc32c(a)) == crc32c(a followed by b).
[[nodiscard]] std::uint32_t crc32c(std::span<const std::byte> bytes, std::uint32_t previous = 0) noexcept;

}  // namespace hpogrid::results
