#pragma once

#include "engine/results/file.hpp"

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <span>
#include <string>
#include <vector>

namespace hpogrid::cluster {

// A checkpoint's folder as one run of bytes, so that it can travel: the length of its list (u64, little endian), the
// list (engine/core/bytes.hpp: number of entries; of each its path from the folder, whether it is a file, its size),
// then the contents of the files in the order of the list.

/// A folder or a file of a checkpoint.
struct ArchiveEntry {
    std::string path;  ///< from the checkpoint's folder, with '/'
    bool is_file{true};
    std::uint64_t size{0};  ///< bytes
};

/// Reads a whole checkpoint that nobody changes any more. Links are followed.
class CheckpointArchive {
  public:
    /// Throws OutputError if the folder cannot be listed, or holds a pipe, a socket or a device.
    explicit CheckpointArchive(std::filesystem::path folder);

    [[nodiscard]] std::uint64_t size() const noexcept { return size_; }
    /// At most `most` bytes from this offset; fewer only at the end. Throws OutputError if a file cannot be read or has
    /// become shorter.
    [[nodiscard]] std::vector<std::byte> read(std::uint64_t offset, std::size_t most) const;

  private:
    std::filesystem::path folder_;
    std::vector<ArchiveEntry> entries_;
    std::vector<std::byte> list_;
    std::uint64_t size_{0};
};

/// Whether a copy must survive a power cut.
enum class Durability { cache, kept };

/// Makes a checkpoint's folder of such bytes as they arrive: beside it as `<folder>.unfinished`, renamed at the end.
class CheckpointUnpacker {
  public:
    CheckpointUnpacker(std::filesystem::path folder, Durability durability);
    CheckpointUnpacker(const CheckpointUnpacker&) = delete;
    CheckpointUnpacker& operator=(const CheckpointUnpacker&) = delete;
    /// Removes what was not finished.
    ~CheckpointUnpacker();

    /// Throws OutputError if it cannot be written, FormatError if the list is malformed or leads out of the folder.
    void append(std::span<const std::byte> bytes);
    /// All bytes have been appended. Throws as append(), FormatError if some are missing.
    void finish();

  private:
    void take_list(std::span<const std::byte>& bytes);
    void make_entries();
    void take_contents(std::span<const std::byte> bytes);
    /// Makes the file of the next entry with a content the one to write to; empty files on the way come to be.
    void open_next();

    std::filesystem::path folder_;
    std::filesystem::path unfinished_;
    Durability durability_;
    std::vector<std::byte> list_;  ///< with its length before it
    bool has_list_{false};
    std::vector<ArchiveEntry> files_;
    std::size_t next_{0};
    std::optional<results::File> file_;
    std::uint64_t written_{0};  ///< of the open file
    std::uint64_t left_{0};
    bool finished_{false};
};

}  // namespace hpogrid::cluster
