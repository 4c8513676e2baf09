#include "engine/trials/trial_log.hpp"

#include "engine/trials/trial_folder.hpp"

#include <fcntl.h>
#include <fmt/core.h>

#include <algorithm>
#include <cerrno>
#include <utility>

namespace hpogrid::trials {
namespace {

constexpr std::uint64_t smallest_limit = 1024;
constexpr std::uint64_t room_for_cut_line = 80;
constexpr std::size_t quoted_bytes = 4096;
constexpr int quoted_lines = 20;

void keep_last(std::string& end, std::string_view text) {
    end.append(text.substr(text.size() - std::min(text.size(), quoted_bytes)));
    if (end.size() > 2 * quoted_bytes) {
        end.erase(0, end.size() - quoted_bytes);
    }
}

}  // namespace

TrialLog::TrialLog(std::filesystem::path file, std::uint64_t limit) : file_{std::move(file)} {
    const std::uint64_t kept = std::max(limit, smallest_limit) - room_for_cut_line;
    head_ = kept / 2;
    tail_ = kept - head_;
}

void TrialLog::append(std::string_view text) {
    if (text.empty()) {
        return;
    }
    keep_last(end_, text);
    if (!open()) {
        size_ += text.size();
        return;
    }
    if (size_ < head_) {
        const std::string_view first = text.substr(0, static_cast<std::size_t>(head_ - size_));
        write_at(size_, first);
        size_ += first.size();
        text.remove_prefix(first.size());
    }
    // Of a text longer than the ring only the end will stay.
    if (text.size() > tail_) {
        const std::size_t skipped = text.size() - static_cast<std::size_t>(tail_);
        size_ += skipped;
        text.remove_prefix(skipped);
    }
    while (!text.empty()) {
        const std::uint64_t position = (size_ - head_) % tail_;
        const std::string_view part = text.substr(0, static_cast<std::size_t>(tail_ - position));
        write_at(head_ + position, part);
        size_ += part.size();
        text.remove_prefix(part.size());
    }
}

void TrialLog::finish() {
    if (descriptor_ && !broken_ && size_ > head_ + tail_) {
        std::string ring(static_cast<std::size_t>(tail_), '\0');
        std::size_t read = 0;
        while (read < ring.size()) {
            const ssize_t count =
                ::pread(descriptor_.get(), ring.data() + read, ring.size() - read, static_cast<off_t>(head_ + read));
            if (count <= 0) {
                break;
            }
            read += static_cast<std::size_t>(count);
        }
        const auto start = static_cast<std::ptrdiff_t>((size_ - head_) % tail_);
        std::rotate(ring.begin(), ring.begin() + start, ring.end());
        const std::string cut = fmt::format("\n[hpogrid: {} bytes of output cut here]\n", size_ - head_ - tail_);
        write_at(head_, cut);
        write_at(head_ + cut.size(), ring);
    }
    descriptor_.close();
    broken_ = true;
}

std::string TrialLog::path() const {
    return size_ == 0 ? std::string{} : file_.string();
}

std::string TrialLog::last_lines() const {
    std::string_view text = end_;
    while (!text.empty() && (text.back() == '\n' || text.back() == '\r')) {
        text.remove_suffix(1);
    }
    text.remove_prefix(text.size() - std::min(text.size(), quoted_bytes));
    std::size_t begin = text.size();
    for (int line = 0; line < quoted_lines && begin != std::string_view::npos && begin > 0; ++line) {
        begin = text.rfind('\n', begin - 1);
    }
    if (begin != std::string_view::npos && begin < text.size() && text[begin] == '\n') {
        text.remove_prefix(begin + 1);
    }
    return std::string{text};
}

bool TrialLog::open() {
    if (broken_ || descriptor_) {
        return !broken_;
    }
    constexpr int flags = O_RDWR | O_CREAT | O_TRUNC | O_CLOEXEC;
    constexpr mode_t mode = 0644;
    descriptor_ = FileDescriptor{::open(file_.c_str(), flags, mode)};
    if (!descriptor_ && errno == ENOENT && make_folder(file_.parent_path()).empty()) {
        descriptor_ = FileDescriptor{::open(file_.c_str(), flags, mode)};
    }
    broken_ = !descriptor_;
    return !broken_;
}

void TrialLog::write_at(std::uint64_t offset, std::string_view text) {
    while (!text.empty()) {
        const ssize_t count = ::pwrite(descriptor_.get(), text.data(), text.size(), static_cast<off_t>(offset));
        if (count < 0 && errno == EINTR) {
            continue;
        }
        if (count <= 0) {
            return;  // a full disk: later output may find room again
        }
        offset += static_cast<std::uint64_t>(count);
        text.remove_prefix(static_cast<std::size_t>(count));
    }
}

}  // namespace hpogrid::trials
