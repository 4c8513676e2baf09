#include "engine/results/journal.hpp"

#include "engine/core/error.hpp"
#include "engine/results/journal_format.hpp"
#include "engine/results/journal_lock.hpp"
#include "engine/results/writable.hpp"
#include "engine/study/event_codec.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <utility>

namespace hpogrid::results {
namespace fs = std::filesystem;
namespace {

OutputError already_exists(const fs::path& path) {
    return OutputError{fmt::format("{}: a journal exists already (journals are never overwritten)", path.string())};
}

std::vector<std::byte> first_bytes(std::string_view header) {
    std::vector<std::byte> bytes(preamble_size);
    const auto magic = std::as_bytes(std::span{journal_magic});
    std::copy(magic.begin(), magic.end(), bytes.begin());
    bytes[magic.size()] = std::byte{journal_version};
    bytes[magic.size() + 1] = std::byte{study::event_format_version};
    const auto payload = std::as_bytes(std::span{header});
    const RecordHead head = make_record_head(preamble_size, payload);
    bytes.insert(bytes.end(), head.begin(), head.end());
    bytes.insert(bytes.end(), payload.begin(), payload.end());
    return bytes;
}

/// Gives a finished file its name unless the name is taken.
void publish(const fs::path& unfinished, const fs::path& path) {
    if (::link(unfinished.c_str(), path.c_str()) == 0) {
        ::unlink(unfinished.c_str());
        return;
    }
    if (errno == EEXIST || fs::exists(path)) {
        throw already_exists(path);
    }
    // No hard links here (FAT, some network file systems).
    if (::rename(unfinished.c_str(), path.c_str()) != 0) {
        throw system_error(path, "created", errno);
    }
}

}  // namespace

Journal Journal::create(const fs::path& path, std::string_view header) {
    if (header.empty() || header.size() > record_limit) {
        throw OutputError{fmt::format("{}: a header of {} bytes cannot be journaled", path.string(), header.size())};
    }
    if (fs::exists(fs::symlink_status(path))) {
        throw already_exists(path);
    }
    check_free_space(folder_of(path));
    const fs::path unfinished = path.string() + fmt::format(".{}.tmp", ::getpid());
    const std::vector<std::byte> bytes = first_bytes(header);
    try {
        File file{unfinished, O_RDWR | O_CREAT | O_TRUNC};
        lock_journal(file);
        file.write_at(0, bytes);
        file.sync();
        publish(unfinished, path);
        sync_folder(folder_of(path));
        file.rename(path);
        return Journal{std::move(file), bytes.size()};
    } catch (const OutputError&) {
        ::unlink(unfinished.c_str());
        throw;
    }
}

Journal Journal::resume(const fs::path& path, const JournalContents& contents) {
    File file{path, O_RDWR};
    lock_journal(file);
    if (file.size() != contents.valid_bytes + contents.dropped_bytes) {
        throw OutputError{
            fmt::format("{}: the journal was written to while it was being read, by another process", path.string())};
    }
    if (contents.dropped_bytes != 0) {
        if (!file.truncate(contents.valid_bytes)) {
            throw system_error(path, "cut back to its last whole record", errno);
        }
        file.sync();
    }
    return Journal{std::move(file), contents.valid_bytes};
}

void Journal::append(const study::Event& event) {
    study::encode(event, open_record_);
    if (open_record_.bytes().size() >= record_target_size) {
        close_record();
    }
}

void Journal::close_record() {
    if (open_record_.bytes().empty()) {
        return;
    }
    if (open_record_.bytes().size() > record_limit) {
        throw OutputError{fmt::format("{}: an event of {} bytes cannot be journaled", path().string(),
                                      std::exchange(open_record_, {}).bytes().size())};
    }
    records_.push_back(std::exchange(open_record_, {}).take());
}

void Journal::commit() {
    close_record();
    if (torn_ && !file_.truncate(end_)) {
        throw system_error(path(), "cut back to its last whole record", errno);
    }
    torn_ = false;
    std::size_t written = 0;
    try {
        for (; written < records_.size(); ++written) {
            const std::vector<std::byte>& payload = records_[written];
            const RecordHead head = make_record_head(end_, payload);
            std::vector<std::byte> record(head.begin(), head.end());
            record.insert(record.end(), payload.begin(), payload.end());
            file_.write_at(end_, record);
            file_.sync_data();
            end_ += record.size();
        }
    } catch (const OutputError&) {
        records_.erase(records_.begin(), records_.begin() + static_cast<std::ptrdiff_t>(written));
        // A part of the record may lie behind the end. It is no whole record, so a reader would drop it as well.
        torn_ = !file_.truncate(end_);
        throw;
    }
    records_.clear();
}

}  // namespace hpogrid::results
