#pragma once

#include "engine/core/bytes.hpp"
#include "engine/results/file.hpp"
#include "engine/study/event.hpp"

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

namespace hpogrid::results {

/// What a journal holds.
struct JournalContents {
    std::string header;
    std::size_t events{0};
    std::uint64_t valid_bytes{0};    ///< up to the end of the last whole record
    std::uint64_t dropped_bytes{0};  ///< torn tail: a commit that was never acknowledged, 0 after a clean end
};

/// Hands every event to `callback`, in order. Throws OutputError if the file cannot be read, is no journal, is of
/// another version, or is damaged before its tail (the message names the byte): nothing acknowledged is dropped
/// silently.
[[nodiscard]] JournalContents read_journal(const std::filesystem::path& path,
                                           const std::function<void(const study::Event&)>& callback);

/// Append-only file of a study's events. A commit becomes one record with one checksum, so it is there whole or not at
/// all, and it is on the disk when commit() returns. Format: REFERENCE.md.
///
/// A journal is locked (flock) while it is open: a second engine is refused. File systems without locks are taken as
/// they are.
class Journal {
  public:
    /// Starts a journal. `header` is text (JSON) for read_journal(). It appears at the path whole or not at all.
    /// Throws OutputError if the path exists, cannot be written or has less than 1 MiB of free space.
    [[nodiscard]] static Journal create(const std::filesystem::path& path, std::string_view header);
    /// Goes on after the last whole record; the torn tail is cut off. `contents`: what read_journal() answered.
    /// Throws OutputError, also if another process has the journal or has written to it since it was read.
    [[nodiscard]] static Journal resume(const std::filesystem::path& path, const JournalContents& contents);

    /// Buffers an event.
    void append(const study::Event& event);
    /// Writes what was appended and waits until it is on the disk; without anything appended it does nothing.
    /// Throws OutputError (disk full, device error); the file is cut back to its last whole record, the events stay
    /// buffered, and a later commit() tries again.
    void commit();

    [[nodiscard]] const std::filesystem::path& path() const noexcept { return file_.path(); }
    /// Size of the file up to the last commit.
    [[nodiscard]] std::uint64_t committed_bytes() const noexcept { return end_; }

  private:
    Journal(File file, std::uint64_t end) noexcept : file_{std::move(file)}, end_{end} {}
    void close_record();

    File file_;
    std::uint64_t end_;
    bool torn_{false};  ///< the file may go on behind end_
    ByteWriter open_record_;
    std::vector<std::vector<std::byte>> records_;  ///< payloads that wait for commit()
};

}  // namespace hpogrid::results
