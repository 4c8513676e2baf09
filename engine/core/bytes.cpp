#include "engine/core/bytes.hpp"

#include "engine/core/error.hpp"

#include <bit>

namespace hpogrid {
namespace {

template <class Integer>
void append_little_endian(std::vector<std::byte>& bytes, Integer value) {
    for (unsigned shift = 0; shift < 8 * sizeof(Integer); shift += 8) {
        bytes.push_back(static_cast<std::byte>(value >> shift));
    }
}

template <class Integer>
Integer from_little_endian(std::span<const std::byte> bytes) {
    Integer value = 0;
    for (std::size_t i = 0; i < sizeof(Integer); ++i) {
        value |= static_cast<Integer>(std::to_integer<Integer>(bytes[i]) << (8 * i));
    }
    return value;
}

}  // namespace

void ByteWriter::u8(std::uint8_t value) {
    bytes_.push_back(std::byte{value});
}
void ByteWriter::u32(std::uint32_t value) {
    append_little_endian(bytes_, value);
}
void ByteWriter::u64(std::uint64_t value) {
    append_little_endian(bytes_, value);
}
void ByteWriter::i64(std::int64_t value) {
    u64(static_cast<std::uint64_t>(value));
}
void ByteWriter::f64(double value) {
    u64(std::bit_cast<std::uint64_t>(value));
}

void ByteWriter::text(std::string_view value) {
    blob(std::as_bytes(std::span{value.data(), value.size()}));
}

void ByteWriter::blob(std::span<const std::byte> value) {
    u32(static_cast<std::uint32_t>(value.size()));
    bytes_.insert(bytes_.end(), value.begin(), value.end());
}

std::span<const std::byte> ByteReader::take(std::size_t count) {
    if (count > rest_.size()) {
        throw FormatError{"record ends " + std::to_string(count - rest_.size()) + " bytes too early"};
    }
    const auto taken = rest_.first(count);
    rest_ = rest_.subspan(count);
    return taken;
}

std::uint8_t ByteReader::u8() {
    return from_little_endian<std::uint8_t>(take(1));
}
std::uint32_t ByteReader::u32() {
    return from_little_endian<std::uint32_t>(take(4));
}
std::uint64_t ByteReader::u64() {
    return from_little_endian<std::uint64_t>(take(8));
}
std::int64_t ByteReader::i64() {
    return static_cast<std::int64_t>(u64());
}
double ByteReader::f64() {
    return std::bit_cast<double>(u64());
}

std::string ByteReader::text() {
    const auto bytes = take(u32());
    return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

std::vector<std::byte> ByteReader::blob() {
    const auto bytes = take(u32());
    return {bytes.begin(), bytes.end()};
}

std::uint32_t ByteReader::list_size(std::size_t element_size) {
    const std::uint32_t size = u32();
    if (element_size != 0 && size > rest_.size() / element_size) {
        throw FormatError{"record announces " + std::to_string(size) + " elements but is too short for them"};
    }
    return size;
}

void ByteReader::expect_end() const {
    if (!rest_.empty()) {
        throw FormatError{"record has " + std::to_string(rest_.size()) + " bytes too many"};
    }
}

}  // namespace hpogrid
