#include "engine/results/writable.hpp"

#include "engine/core/error.hpp"
#include "engine/results/file.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstddef>

namespace hpogrid::results {
namespace fs = std::filesystem;

void check_free_space(const fs::path& folder) {
    const fs::path place = folder.empty() ? fs::path{"."} : folder;
    struct statvfs status {};
    // Some network file systems answer zeros: they do not tell.
    if (::statvfs(place.c_str(), &status) != 0 || status.f_blocks == 0) {
        return;
    }
    const std::uint64_t free = std::uint64_t{status.f_bavail} * status.f_frsize;
    if (free < least_free_bytes) {
        throw OutputError{
            fmt::format("{}: only {} KiB are free (journal and results need space), needed: at least {} KiB",
                        place.string(), free >> 10U, least_free_bytes >> 10U)};
    }
}

void check_writable(const fs::path& folder) {
    const fs::path place = folder.empty() ? fs::path{"."} : folder;
    if (!fs::is_directory(place)) {
        throw OutputError{fmt::format("{}: is no folder that results could be written to", place.string())};
    }
    check_free_space(place);
    // Only trying tells: permissions say nothing of read-only mounts, quotas and expired tokens.
    const fs::path probe = place / fmt::format(".hpogrid-write-test.{}.tmp", ::getpid());
    try {
        File file{probe, O_WRONLY | O_CREAT | O_TRUNC};
        constexpr std::array<std::byte, 4096> page{};
        file.write_at(0, page);
        file.sync();
        file.close();
    } catch (const OutputError& error) {
        ::unlink(probe.c_str());
        throw OutputError{
            fmt::format("{}: results cannot be written into this folder ({})", place.string(), error.what())};
    }
    ::unlink(probe.c_str());
}

}  // namespace hpogrid::results
