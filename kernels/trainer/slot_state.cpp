#include "kernels/trainer/slot_state.hpp"

#include <cstdint>
#include <cstring>
#include <stdexcept>
#include <type_traits>

#include "kernels/api/arrays.hpp"

namespace hpogrid::kernels {
namespace {

/// Then parameters and moments, then the checksum of all bytes before it.
struct Header {
    std::uint64_t magic;
    NetworkShape shape;
    SlotRow row;
};
static_assert(std::is_trivially_copyable_v<Header>);
using Checksum = std::uint64_t;
// The last digits are the version of the format.
constexpr std::uint64_t magic = 0x6870'6f67'7269'0003;

/// FNV-1a, 64 bits, with the constants of Fowler, Noll, Vo.
[[nodiscard]] Checksum checksum_of(std::span<const std::byte> bytes) {
    std::uint64_t hash = 0xCBF29CE484222325U;
    for (const std::byte byte : bytes) {
        hash = (hash ^ std::to_integer<std::uint64_t>(byte)) * 0x100000001B3U;
    }
    return hash;
}

template <class T>
void append(std::vector<std::byte>& bytes, const T* values, std::size_t count) {
    const std::size_t size = bytes.size();
    bytes.resize(size + count * sizeof(T));
    std::memcpy(bytes.data() + size, values, count * sizeof(T));
}

[[nodiscard]] bool is_possible(const NetworkShape& shape) {
    return shape.features >= 1 && shape.features <= max_width && shape.outputs >= 1 && shape.outputs <= max_width &&
           shape.hidden_layers >= 0 && shape.hidden_layers <= max_hidden_layers && shape.width >= padding &&
           shape.width <= max_width && shape.normalization <= Normalization::batch;
}

/// Only of bytes that are known to be whole: a damaged truth value could not be read.
[[nodiscard]] Header header_of(std::span<const std::byte> bytes) {
    Header header{};
    std::memcpy(&header, bytes.data(), sizeof header);
    return header;
}

[[nodiscard]] bool begins_with_magic(std::span<const std::byte> bytes) {
    std::uint64_t found = 0;
    if (bytes.size() >= sizeof found) {
        std::memcpy(&found, bytes.data(), sizeof found);
    }
    return found == magic;
}

[[nodiscard]] bool is_whole(std::span<const std::byte> bytes) {
    if (bytes.size() < sizeof(Header) + sizeof(Checksum)) {
        return false;
    }
    const auto content = bytes.first(bytes.size() - sizeof(Checksum));
    Checksum checksum = 0;
    std::memcpy(&checksum, bytes.data() + content.size(), sizeof checksum);
    return checksum == checksum_of(content);
}

}  // namespace

std::vector<std::byte> to_bytes(const SlotState& state) {
    std::vector<std::byte> bytes;
    const Header header{.magic = magic, .shape = state.shape, .row = state.row};
    append(bytes, &header, 1);
    for (const auto* values : {&state.parameters, &state.first_moments, &state.second_moments}) {
        append(bytes, values->data(), values->size());
    }
    const Checksum checksum = checksum_of(bytes);
    append(bytes, &checksum, 1);
    return bytes;
}

SlotState slot_state_from_bytes(std::span<const std::byte> bytes) {
    if (!begins_with_magic(bytes)) {
        throw std::invalid_argument{"not a checkpoint of the batch trainer"};
    }
    if (!is_whole(bytes)) {
        throw std::invalid_argument{"a damaged checkpoint of the batch trainer"};
    }
    const Header header = header_of(bytes);
    const std::size_t size = is_possible(header.shape) ? ParameterLayout{header.shape}.size() : 0;
    if (size == 0 || bytes.size() != sizeof header + 3 * size * sizeof(float) + sizeof(Checksum)) {
        throw std::invalid_argument{"a checkpoint of the batch trainer that no version of it wrote"};
    }
    SlotState state{header.shape, header.row, {}, {}, {}};
    std::size_t first = sizeof header;
    for (auto* values : {&state.parameters, &state.first_moments, &state.second_moments}) {
        values->resize(size);
        std::memcpy(values->data(), bytes.data() + first, size * sizeof(float));
        first += size * sizeof(float);
    }
    return state;
}

}  // namespace hpogrid::kernels
