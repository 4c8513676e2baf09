#include "engine/cluster/checkpoints/checkpoint_fetch.hpp"

#include "engine/core/error.hpp"

#include <cstddef>
#include <exception>
#include <utility>

namespace hpogrid::cluster {
namespace fs = std::filesystem;

CheckpointFetch::CheckpointFetch(const fs::path& checkpoints, std::string name, Durability durability)
    : name_{std::move(name)}, unpacker_{checkpoints / name_, durability} {}

bool CheckpointFetch::take(const CheckpointPart& part) {
    const std::uint64_t end = part.offset + part.bytes.size();
    if (part.offset != received_ || end > part.size || (part.bytes.empty() && end < part.size)) {
        throw FormatError{"a part of a checkpoint that was not asked for"};
    }
    unpacker_.append(part.bytes);
    received_ = end;
    if (received_ < part.size) {
        return false;
    }
    unpacker_.finish();
    return true;
}

Message part_of(const fs::path& checkpoints, const CheckpointWanted& wanted) {
    constexpr std::size_t most = std::size_t{4} << 20U;
    try {
        const CheckpointArchive archive{checkpoints / wanted.name};
        return CheckpointPart{wanted.name, wanted.offset, archive.size(), archive.read(wanted.offset, most)};
    } catch (const std::exception& error) {
        return CheckpointMissing{wanted.name, error.what()};
    }
}

}  // namespace hpogrid::cluster
