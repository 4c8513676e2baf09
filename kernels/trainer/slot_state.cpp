#include "kernels/trainer/slot_state.hpp"

#include <cstdint>
#include <cstring>
#include <stdexcept>
#include <type_traits>

#include "kernels/api/arrays.hpp"

namespace hpogrid::kernels {
namespace {

struct Header {
    std::uint64_t magic;
    std::uint64_t checksum;  ///< of all that follows the header
    NetworkShape shape;
    SlotRow row;
};
static_assert(std::is_trivially_copyable_v<Header>);
// The last digits are the version of the format.
constexpr std::uint64_t magic = 0x6870'6f67'7269'0001;

/// FNV-1a, 64 bits, with the constants of Fowler, Noll, Vo.
[[nodiscard]] std::uint64_t checksum_of(std::span<const std::byte> bytes) {
    std::uint64_t hash = 0xCBF29CE484222325U;
    for (const std::byte byte : bytes) {
        hash = (hash ^ std::to_integer<std::uint64_t>(byte)) * 0x100000001B3U;
    }
    return hash;
}

[[nodiscard]] bool is_possible(const NetworkShape& shape) {
    return shape.features >= 1 && shape.features <= max_width && shape.outputs >= 1 && shape.outputs <= max_width &&
           shape.hidden_layers >= 0 && shape.hidden_layers <= max_hidden_layers && shape.width >= padding &&
           shape.width <= max_width;
}

}  // namespace

std::vector<std::byte> to_bytes(const SlotState& state) {
    std::vector<std::byte> bytes(sizeof(Header));
    for (const auto* values : {&state.parameters, &state.first_moments, &state.second_moments}) {
        const auto* begin = reinterpret_cast<const std::byte*>(values->data());
        bytes.insert(bytes.end(), begin, begin + values->size() * sizeof(float));
    }
    Header header{};
    header.magic = magic;
    header.checksum = checksum_of(std::span{bytes}.subspan(sizeof(Header)));
    header.shape = state.shape;
    header.row = state.row;
    std::memcpy(bytes.data(), &header, sizeof header);
    return bytes;
}

SlotState slot_state_from_bytes(std::span<const std::byte> bytes) {
    Header header{};
    if (bytes.size() >= sizeof header) {
        std::memcpy(&header, bytes.data(), sizeof header);
    }
    if (header.magic != magic || !is_possible(header.shape)) {
        throw std::invalid_argument{"not a checkpoint of the batch trainer"};
    }
    const std::size_t size = ParameterLayout{header.shape}.size();
    const auto body = bytes.subspan(sizeof header);
    if (body.size() != 3 * size * sizeof(float) || checksum_of(body) != header.checksum) {
        throw std::invalid_argument{"a damaged checkpoint of the batch trainer"};
    }
    SlotState state{header.shape, header.row, {}, {}, {}};
    std::size_t first = 0;
    for (auto* values : {&state.parameters, &state.first_moments, &state.second_moments}) {
        values->resize(size);
        std::memcpy(values->data(), body.data() + first, size * sizeof(float));
        first += size * sizeof(float);
    }
    return state;
}

}  // namespace hpogrid::kernels
