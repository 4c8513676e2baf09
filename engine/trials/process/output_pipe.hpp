#pragma once

#include "engine/trials/process/file_descriptor.hpp"

#include <chrono>
#include <cstddef>
#include <functional>
#include <optional>
#include <string>
#include <string_view>

namespace hpogrid::trials {

/// A pipe from a trial's standard output and error to the worker.
class OutputPipe {
  public:
    /// Throws std::system_error when the process has no descriptors left.
    OutputPipe();

    /// To be handed to the child; close_write_end() once it has been.
    [[nodiscard]] int write_end() const noexcept { return write_.get(); }
    void close_write_end() noexcept { write_.close(); }
    /// To be polled; −1 after the end of the stream.
    [[nodiscard]] int descriptor() const noexcept { return read_.get(); }
    /// Reads what is there without waiting, at most about `limit` bytes, so that a trial that prints without end
    /// starves nobody. Returns the number of bytes.
    std::size_t drain(const std::function<void(std::string_view)>& sink, std::size_t limit = std::size_t{1} << 20);

    struct Chunk {
        /// After all of it was written, before any of it was read.
        std::chrono::steady_clock::time_point seen;
        std::string text;
    };
    /// What lies in the pipe at this moment, at most 64 KiB; nothing if it is empty.
    [[nodiscard]] std::optional<Chunk> read_present();

  private:
    FileDescriptor read_;
    FileDescriptor write_;
};

}  // namespace hpogrid::trials
