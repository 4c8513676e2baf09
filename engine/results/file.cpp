#include "engine/results/file.hpp"

#include "engine/config/printable.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <string>
#include <system_error>
#include <vector>

namespace hpogrid::results {
namespace fs = std::filesystem;
namespace {

template <class Call>
auto retried(Call call) {
    auto result = call();
    while (result < 0 && errno == EINTR) {
        result = call();
    }
    return result;
}

bool is_number(std::string_view text) {
    return !text.empty() && std::ranges::all_of(text, [](char digit) { return digit >= '0' && digit <= '9'; });
}

}  // namespace

OutputError system_error(const fs::path& path, std::string_view done, int error_number) {
    return OutputError{fmt::format("{}: cannot be {}: {}", config::printable_path(path), done,
                                   std::generic_category().message(error_number))};
}

File::File(fs::path path, int flags) : path_{std::move(path)} {
    constexpr mode_t readable_by_all = 0666;  // less the user's umask
    descriptor_ = retried([&] { return ::open(path_.c_str(), flags | O_CLOEXEC, readable_by_all); });
    if (descriptor_ < 0) {
        throw system_error(path_, (flags & O_CREAT) != 0 ? "created" : "opened", errno);
    }
}

File& File::operator=(File&& other) noexcept {
    std::swap(path_, other.path_);
    std::swap(descriptor_, other.descriptor_);
    return *this;
}

File::~File() {
    if (descriptor_ >= 0) {
        ::close(descriptor_);
    }
}

std::uint64_t File::size() const {
    struct stat status {};
    if (::fstat(descriptor_, &status) != 0) {
        throw system_error(path_, "examined", errno);
    }
    return static_cast<std::uint64_t>(status.st_size);
}

std::size_t File::read_at(std::uint64_t offset, std::span<std::byte> bytes) const {
    std::size_t done = 0;
    while (done < bytes.size()) {
        const auto count = retried([&] {
            return ::pread(descriptor_, bytes.data() + done, bytes.size() - done, static_cast<off_t>(offset + done));
        });
        if (count < 0) {
            throw system_error(path_, "read", errno);
        }
        if (count == 0) {
            break;
        }
        done += static_cast<std::size_t>(count);
    }
    return done;
}

void File::write_at(std::uint64_t offset, std::span<const std::byte> bytes) const {
    while (!bytes.empty()) {
        const auto count =
            retried([&] { return ::pwrite(descriptor_, bytes.data(), bytes.size(), static_cast<off_t>(offset)); });
        if (count < 0) {
            throw system_error(path_, "written", errno);
        }
        if (count == 0) {
            throw system_error(path_, "written", ENOSPC);
        }
        offset += static_cast<std::uint64_t>(count);
        bytes = bytes.subspan(static_cast<std::size_t>(count));
    }
}

void File::sync() const {
    if (retried([&] { return ::fsync(descriptor_); }) != 0) {
        throw system_error(path_, "written to disk", errno);
    }
}

void File::sync_data() const {
    if (retried([&] { return ::fdatasync(descriptor_); }) != 0) {
        throw system_error(path_, "written to disk", errno);
    }
}

bool File::truncate(std::uint64_t size) const noexcept {
    return retried([&] { return ::ftruncate(descriptor_, static_cast<off_t>(size)); }) == 0;
}

void File::close() {
    // Linux closes the descriptor even if it reports EINTR.
    if (::close(std::exchange(descriptor_, -1)) != 0 && errno != EINTR) {
        throw system_error(path_, "written", errno);
    }
}

fs::path folder_of(const fs::path& file) {
    return file.has_parent_path() ? file.parent_path() : fs::path{"."};
}

void sync_folder(const fs::path& folder) {
    const File opened{folder, O_RDONLY | O_DIRECTORY};
    if (retried([&] { return ::fsync(opened.descriptor()); }) != 0 && errno != EINVAL && errno != ENOTSUP &&
        errno != EROFS) {
        throw system_error(folder, "written to disk", errno);
    }
}

void replace_file(const fs::path& path, std::span<const std::byte> content) {
    const fs::path unfinished = path.string() + fmt::format(".{}.tmp", ::getpid());
    try {
        File file{unfinished, O_WRONLY | O_CREAT | O_TRUNC};
        file.write_at(0, content);
        file.sync();
        file.close();
        if (::rename(unfinished.c_str(), path.c_str()) != 0) {
            throw system_error(path, "replaced", errno);
        }
    } catch (const OutputError&) {
        ::unlink(unfinished.c_str());
        throw;
    }
    sync_folder(folder_of(path));
}

void remove_unfinished(const fs::path& path) {
    const std::string prefix = path.filename().string() + ".";
    constexpr std::string_view suffix = ".tmp";
    std::vector<fs::path> leftovers;
    std::error_code error;
    for (const fs::directory_entry& entry : fs::directory_iterator{folder_of(path), error}) {
        const std::string name = entry.path().filename().string();
        if (name.size() > prefix.size() + suffix.size() && name.starts_with(prefix) && name.ends_with(suffix) &&
            is_number(std::string_view{name}.substr(prefix.size(), name.size() - prefix.size() - suffix.size()))) {
            leftovers.push_back(entry.path());
        }
    }
    for (const fs::path& leftover : leftovers) {
        fs::remove(leftover, error);
    }
}

}  // namespace hpogrid::results
