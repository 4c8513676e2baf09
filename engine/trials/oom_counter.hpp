#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>

namespace hpogrid::trials {

/// Counts the processes that the kernel killed for want of memory: in this process's control group (version 1 or 2), or
/// where that cannot be read, on the whole machine.
class OomCounter {
  public:
    OomCounter();
    /// A file with a line `oom_kill <n>`, for tests.
    explicit OomCounter(std::filesystem::path file) : file_{std::move(file)} {}

    /// Nothing where the kernel does not tell.
    [[nodiscard]] std::optional<std::uint64_t> read() const;

  private:
    std::filesystem::path file_;
};

/// Whether an error's text says that memory ran out: CUDA's and ROCm's messages, std::bad_alloc, MemoryError.
[[nodiscard]] bool speaks_of_memory(std::string_view text) noexcept;

}  // namespace hpogrid::trials
