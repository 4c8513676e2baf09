#pragma once

#include "engine/core/error.hpp"

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <span>
#include <string_view>
#include <utility>

namespace hpogrid::results {

/// OutputError "<path>: cannot be <done>: <what errno says>".
[[nodiscard]] OutputError system_error(const std::filesystem::path& path, std::string_view done, int error_number);

/// A file descriptor that is open, or none.
class File {
  public:
    File() = default;
    /// As open(2), closed on exec, retried after signals. Throws OutputError.
    File(std::filesystem::path path, int flags);
    File(File&& other) noexcept : path_{std::move(other.path_)}, descriptor_{std::exchange(other.descriptor_, -1)} {}
    File& operator=(File&& other) noexcept;
    ~File();

    [[nodiscard]] const std::filesystem::path& path() const noexcept { return path_; }
    [[nodiscard]] int descriptor() const noexcept { return descriptor_; }

    [[nodiscard]] std::uint64_t size() const;
    /// Fills `bytes` from this offset; answers how many there were before the end of the file.
    [[nodiscard]] std::size_t read_at(std::uint64_t offset, std::span<std::byte> bytes) const;
    void write_at(std::uint64_t offset, std::span<const std::byte> bytes) const;
    void sync() const;       ///< fsync
    void sync_data() const;  ///< fdatasync
    /// Cuts the file; answers false where that fails.
    [[nodiscard]] bool truncate(std::uint64_t size) const noexcept;
    /// The file has got another name.
    void rename(std::filesystem::path path) noexcept { path_ = std::move(path); }
    /// Closes and throws OutputError if the system reports a late write error then.
    void close();

  private:
    std::filesystem::path path_;
    int descriptor_{-1};
};

/// Folder of a file, "." for a bare name.
[[nodiscard]] std::filesystem::path folder_of(const std::filesystem::path& file);

/// Makes names created in the folder survive a power cut. File systems that cannot sync folders pass.
void sync_folder(const std::filesystem::path& folder);

/// Replaces the file in one step: whoever opens `path`, at any moment and after any crash, finds the old or the new
/// content whole. Writes `<path>.<pid>.tmp` beside, syncs, renames, syncs the folder. Throws OutputError; the old
/// content stays then.
void replace_file(const std::filesystem::path& path, std::span<const std::byte> content);

/// Deletes what replace_file() of processes that died left beside `path`. Call it only where no other can be writing.
void remove_unfinished(const std::filesystem::path& path);

}  // namespace hpogrid::results
