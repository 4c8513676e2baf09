#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace hpogrid {

/// Appends values to a byte buffer, little endian, strings, bytes and lists preceded by their 32-bit length.
class ByteWriter {
  public:
    void u8(std::uint8_t value);
    void u32(std::uint32_t value);
    void u64(std::uint64_t value);
    void i64(std::int64_t value);
    void f64(double value);
    void text(std::string_view value);
    void blob(std::span<const std::byte> value);

    [[nodiscard]] std::span<const std::byte> bytes() const noexcept { return bytes_; }
    [[nodiscard]] std::vector<std::byte> take() noexcept { return std::move(bytes_); }

  private:
    std::vector<std::byte> bytes_;
};

/// Reads back what ByteWriter wrote. Each call throws FormatError rather than read past the end, so hostile or torn
/// input is refused, never trusted. The bytes must outlive the reader.
class ByteReader {
  public:
    explicit ByteReader(std::span<const std::byte> bytes) noexcept : rest_{bytes} {}

    [[nodiscard]] std::uint8_t u8();
    [[nodiscard]] std::uint32_t u32();
    [[nodiscard]] std::uint64_t u64();
    [[nodiscard]] std::int64_t i64();
    [[nodiscard]] double f64();
    [[nodiscard]] std::string text();
    [[nodiscard]] std::vector<std::byte> blob();
    /// Length of a list whose elements take at least `element_size` bytes each, checked against what is left.
    [[nodiscard]] std::uint32_t list_size(std::size_t element_size);

    [[nodiscard]] bool at_end() const noexcept { return rest_.empty(); }
    /// Throws FormatError unless everything was read.
    void expect_end() const;

  private:
    std::span<const std::byte> take(std::size_t count);
    std::span<const std::byte> rest_;
};

}  // namespace hpogrid
