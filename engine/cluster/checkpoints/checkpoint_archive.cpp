#include "engine/cluster/checkpoints/checkpoint_archive.hpp"

#include "engine/core/bytes.hpp"
#include "engine/core/error.hpp"
#include "engine/study/checkpoint.hpp"

#include <fcntl.h>
#include <fmt/format.h>

#include <algorithm>
#include <system_error>
#include <utility>

namespace hpogrid::cluster {
namespace fs = std::filesystem;
namespace {

constexpr std::size_t length_size = sizeof(std::uint64_t);

[[noreturn]] void refuse(const fs::path& path, std::string_view done, const std::error_code& error) {
    throw results::system_error(path, done, error.value());
}

std::vector<ArchiveEntry> list_folder(const fs::path& folder) {
    std::vector<ArchiveEntry> entries;
    std::error_code error;
    const auto options = fs::directory_options::follow_directory_symlink;
    for (fs::recursive_directory_iterator entry{folder, options, error}, end; !error && entry != end;
         entry.increment(error)) {
        const std::string path = entry->path().lexically_relative(folder).generic_string();
        if (entry->is_directory(error)) {
            entries.push_back({path, false, 0});
        } else if (entry->is_regular_file(error)) {
            entries.push_back({path, true, entry->file_size(error)});
        } else if (!error) {
            throw OutputError{fmt::format("{}: is neither a file nor a folder", entry->path().string())};
        }
        if (error) {
            break;
        }
    }
    if (error) {
        refuse(folder, "listed", error);
    }
    std::ranges::sort(entries, {}, &ArchiveEntry::path);
    return entries;
}

std::vector<std::byte> write_list(const std::vector<ArchiveEntry>& entries) {
    ByteWriter list;
    list.u32(static_cast<std::uint32_t>(entries.size()));
    for (const ArchiveEntry& entry : entries) {
        list.text(entry.path);
        list.u8(entry.is_file ? 1 : 0);
        list.u64(entry.size);
    }
    ByteWriter length;
    length.u64(list.bytes().size());
    std::vector<std::byte> bytes = length.take();
    bytes.insert(bytes.end(), list.bytes().begin(), list.bytes().end());
    return bytes;
}

bool stays_inside(const fs::path& path) {
    return !path.empty() && path.is_relative() &&
           std::ranges::none_of(path, [](const fs::path& part) { return part == ".." || part == "."; }) &&
           path.native().find('\0') == std::string::npos;
}

std::vector<ArchiveEntry> read_list(std::span<const std::byte> bytes) {
    constexpr std::size_t least_entry = 4 + 1 + 8;
    ByteReader list{bytes};
    std::vector<ArchiveEntry> entries(list.list_size(least_entry));
    for (ArchiveEntry& entry : entries) {
        entry.path = list.text();
        entry.is_file = list.u8() != 0;
        entry.size = list.u64();
        if (!stays_inside(entry.path) || (!entry.is_file && entry.size != 0)) {
            throw FormatError{"a checkpoint's list leads out of its folder"};
        }
    }
    list.expect_end();
    return entries;
}

}  // namespace

CheckpointArchive::CheckpointArchive(fs::path folder)
    : folder_{std::move(folder)}, entries_{list_folder(folder_)}, list_{write_list(entries_)}, size_{list_.size()} {
    for (const ArchiveEntry& entry : entries_) {
        size_ += entry.size;
    }
}

std::vector<std::byte> CheckpointArchive::read(std::uint64_t offset, std::size_t most) const {
    std::vector<std::byte> bytes;
    bytes.reserve(std::min<std::uint64_t>(most, size_ - std::min(offset, size_)));
    if (offset < list_.size()) {
        const std::size_t count = std::min<std::size_t>(most, list_.size() - offset);
        const auto first = list_.begin() + static_cast<std::ptrdiff_t>(offset);
        bytes.assign(first, first + static_cast<std::ptrdiff_t>(count));
    }
    std::uint64_t begin = list_.size();
    for (const ArchiveEntry& entry : entries_) {
        const std::uint64_t position = offset + bytes.size();
        if (bytes.size() < most && position < begin + entry.size) {
            const auto count = std::min<std::uint64_t>(most - bytes.size(), begin + entry.size - position);
            const std::size_t before = bytes.size();
            bytes.resize(before + count);
            const results::File file{folder_ / entry.path, O_RDONLY};
            if (file.read_at(position - begin, std::span{bytes}.subspan(before)) < count) {
                throw OutputError{fmt::format("{}: has become shorter", file.path().string())};
            }
        }
        begin += entry.size;
    }
    return bytes;
}

CheckpointUnpacker::CheckpointUnpacker(fs::path folder, Durability durability)
    : folder_{std::move(folder)},
      unfinished_{folder_.string() + std::string{study::unfinished_suffix}},
      durability_{durability} {}

CheckpointUnpacker::~CheckpointUnpacker() {
    if (!finished_) {
        std::error_code ignored;
        fs::remove_all(unfinished_, ignored);
    }
}

void CheckpointUnpacker::append(std::span<const std::byte> bytes) {
    if (!has_list_) {
        take_list(bytes);
    }
    take_contents(bytes);
}

void CheckpointUnpacker::take_list(std::span<const std::byte>& bytes) {
    const auto take = [&](std::uint64_t size) {
        const auto count = static_cast<std::size_t>(std::min<std::uint64_t>(bytes.size(), size - list_.size()));
        list_.insert(list_.end(), bytes.begin(), bytes.begin() + static_cast<std::ptrdiff_t>(count));
        bytes = bytes.subspan(count);
        return list_.size() == size;
    };
    if (list_.size() < length_size && !take(length_size)) {
        return;
    }
    constexpr std::uint64_t longest = std::uint64_t{1} << 30U;
    const std::uint64_t length = ByteReader{std::span{list_}.first(length_size)}.u64();
    if (length > longest) {
        throw FormatError{"a checkpoint's list of more than 1 GiB"};
    }
    if (take(length_size + length)) {
        has_list_ = true;
        make_entries();
    }
}

void CheckpointUnpacker::make_entries() {
    std::error_code error;
    fs::remove_all(unfinished_, error);
    fs::create_directories(unfinished_, error);
    for (ArchiveEntry& entry : read_list(std::span{list_}.subspan(length_size))) {
        const fs::path path = unfinished_ / entry.path;
        fs::create_directories(entry.is_file ? path.parent_path() : path, error);
        if (error) {
            refuse(path, "created", error);
        }
        if (entry.is_file) {
            files_.push_back(std::move(entry));
        }
    }
    open_next();
}

void CheckpointUnpacker::open_next() {
    while (left_ == 0) {
        if (file_ && durability_ == Durability::kept) {
            file_->sync();
        }
        if (file_) {
            file_->close();
            file_.reset();
        }
        if (next_ == files_.size()) {
            return;
        }
        const ArchiveEntry& entry = files_[next_++];
        file_.emplace(unfinished_ / entry.path, O_WRONLY | O_CREAT | O_EXCL);
        left_ = entry.size;
        written_ = 0;
    }
}

void CheckpointUnpacker::take_contents(std::span<const std::byte> bytes) {
    while (!bytes.empty()) {
        if (!file_) {
            throw FormatError{"more bytes than the checkpoint's list announces"};
        }
        const auto count = static_cast<std::size_t>(std::min<std::uint64_t>(bytes.size(), left_));
        file_->write_at(written_, bytes.first(count));
        written_ += count;
        left_ -= count;
        bytes = bytes.subspan(count);
        open_next();
    }
}

void CheckpointUnpacker::finish() {
    if (!has_list_ || file_) {
        throw FormatError{"fewer bytes than the checkpoint's list announces"};
    }
    std::error_code error;
    if (durability_ == Durability::kept) {
        for (fs::recursive_directory_iterator entry{unfinished_, error}, end; !error && entry != end;
             entry.increment(error)) {
            if (entry->is_directory(error)) {
                results::sync_folder(entry->path());
            }
        }
        results::sync_folder(unfinished_);
    }
    fs::rename(unfinished_, folder_, error);
    if (error) {
        refuse(folder_, "created", error);
    }
    if (durability_ == Durability::kept) {
        results::sync_folder(folder_.parent_path());
    }
    finished_ = true;
}

}  // namespace hpogrid::cluster
