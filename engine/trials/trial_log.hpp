#pragma once

#include "engine/trials/process/file_descriptor.hpp"

#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>

namespace hpogrid::trials {

/// The log file of one attempt, capped: it keeps the first and the last half of what was written, with a line between
/// them that says how much was cut. The file (and its folder) is made with the first byte. Until finish() the last half
/// is a ring in the file, so the cap costs no memory. A full disk loses log lines, never the trial.
class TrialLog {
  public:
    /// `limit`: bytes of the finished file, at least 1024.
    TrialLog(std::filesystem::path file, std::uint64_t limit);

    void append(std::string_view text);
    /// Brings the ring in order and closes the file. Nothing may be appended afterwards.
    void finish();

    /// Path of the file, empty as long as nothing was written.
    [[nodiscard]] std::string path() const;
    /// Bytes appended so far, cut ones included.
    [[nodiscard]] std::uint64_t size() const noexcept { return size_; }
    /// At most 20 lines and 4 KiB of the end, without a newline at the end.
    [[nodiscard]] std::string last_lines() const;

  private:
    bool open();
    void write_at(std::uint64_t offset, std::string_view text);

    std::filesystem::path file_;
    std::uint64_t head_;  ///< bytes of the first half
    std::uint64_t tail_;  ///< bytes of the ring
    std::uint64_t size_{0};
    FileDescriptor descriptor_;
    bool broken_{false};
    std::string end_;
};

}  // namespace hpogrid::trials
