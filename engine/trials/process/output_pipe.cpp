#include "engine/trials/process/output_pipe.hpp"

#include <fcntl.h>
#include <poll.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <system_error>

namespace hpogrid::trials {

OutputPipe::OutputPipe() {
    std::array<int, 2> ends{};
    if (::pipe2(ends.data(), O_CLOEXEC) != 0) {
        throw std::system_error{errno, std::generic_category(), "cannot make a pipe for a trial"};
    }
    read_ = FileDescriptor{ends[0]};
    write_ = FileDescriptor{ends[1]};
    ::fcntl(read_.get(), F_SETFL, O_NONBLOCK);
}

std::size_t OutputPipe::drain(const std::function<void(std::string_view)>& sink, std::size_t limit) {
    std::array<char, 65536> buffer;
    std::size_t total = 0;
    while (read_ && total < limit) {
        const ssize_t count = ::read(read_.get(), buffer.data(), buffer.size());
        if (count < 0 && errno == EINTR) {
            continue;
        }
        if (count < 0 && errno == EAGAIN) {
            break;
        }
        if (count <= 0) {
            read_.close();
            break;
        }
        total += static_cast<std::size_t>(count);
        sink({buffer.data(), static_cast<std::size_t>(count)});
    }
    return total;
}

std::optional<OutputPipe::Chunk> OutputPipe::read_present() {
    int present = 0;
    if (!read_ || ::ioctl(read_.get(), FIONREAD, &present) != 0) {
        return std::nullopt;
    }
    if (present == 0) {
        pollfd end{read_.get(), POLLIN, 0};
        if (::poll(&end, 1, 0) > 0 && (end.revents & POLLIN) == 0) {
            read_.close();
        }
        return std::nullopt;
    }
    Chunk chunk{std::chrono::steady_clock::now(), {}};
    constexpr int most = 65536;
    chunk.text.resize(static_cast<std::size_t>(std::min(present, most)));
    const ssize_t count = ::read(read_.get(), chunk.text.data(), chunk.text.size());
    chunk.text.resize(static_cast<std::size_t>(std::max<ssize_t>(count, 0)));
    return chunk;
}

}  // namespace hpogrid::trials
