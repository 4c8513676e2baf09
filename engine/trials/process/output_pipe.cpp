#include "engine/trials/process/output_pipe.hpp"

#include <fcntl.h>

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

}  // namespace hpogrid::trials
