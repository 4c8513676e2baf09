#include "engine/core/error.hpp"
#include "engine/results/file.hpp"
#include "engine/results/journal.hpp"
#include "engine/results/journal_format.hpp"
#include "engine/study/event_codec.hpp"

#include <fcntl.h>
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cstring>
#include <string>
#include <vector>

namespace hpogrid::results {
namespace {

/// Reads whole records of a journal.
class RecordReader {
  public:
    explicit RecordReader(const std::filesystem::path& path) : file_{path, O_RDONLY}, size_{file_.size()} {}

    [[nodiscard]] std::uint64_t size() const noexcept { return size_; }
    [[nodiscard]] const File& file() const noexcept { return file_; }
    /// Payload of the record that begins at this byte, or null if none does.
    [[nodiscard]] const std::vector<std::byte>* record_at(std::uint64_t offset);
    /// Where the next record begins at or after this byte, or size() if none does.
    [[nodiscard]] std::uint64_t find_record(std::uint64_t offset);

  private:
    File file_;
    std::uint64_t size_;
    std::vector<std::byte> payload_;
};

const std::vector<std::byte>* RecordReader::record_at(std::uint64_t offset) {
    RecordHead head;
    if (file_.read_at(offset, head) < head.size()) {
        return nullptr;
    }
    const auto summary = parse_record_head(head);
    if (!summary || summary->length > size_ - offset - head.size()) {
        return nullptr;
    }
    payload_.resize(summary->length);
    if (file_.read_at(offset + head.size(), payload_) < payload_.size() ||
        record_checksum(offset, payload_) != summary->checksum) {
        return nullptr;
    }
    return &payload_;
}

std::uint64_t RecordReader::find_record(std::uint64_t offset) {
    constexpr std::size_t window_size = 1U << 20;
    constexpr std::size_t marker_size = sizeof record_marker;
    const RecordHead pattern = make_record_head(0, {});
    std::vector<std::byte> window;
    while (offset + record_head_size < size_) {
        window.resize(window_size);
        window.resize(file_.read_at(offset, window));
        auto from = window.begin();
        while (true) {
            from = std::search(from, window.end(), pattern.begin(), pattern.begin() + marker_size);
            if (from == window.end()) {
                break;
            }
            const std::uint64_t candidate = offset + static_cast<std::uint64_t>(from - window.begin());
            if (record_at(candidate) != nullptr) {
                return candidate;
            }
            ++from;
        }
        if (window.size() < window_size) {
            break;
        }
        offset += window_size - marker_size + 1;
    }
    return size_;
}

void check_preamble(const RecordReader& reader) {
    std::array<std::byte, preamble_size> bytes{};
    const std::string path = reader.file().path().string();
    if (reader.file().read_at(0, bytes) < bytes.size() ||
        std::memcmp(bytes.data(), journal_magic.data(), journal_magic.size()) != 0) {
        throw OutputError{fmt::format("{}: is no journal of hpogrid, allowed: another -o FILE", path)};
    }
    const auto version = std::to_integer<unsigned>(bytes[journal_magic.size()]);
    const auto event_version = std::to_integer<unsigned>(bytes[journal_magic.size() + 1]);
    if (version != journal_version || event_version != study::event_format_version) {
        throw OutputError{fmt::format(
            "{}: is a journal of format {}.{}, this hpogrid reads {}.{}, allowed: --resume by "
            "the hpogrid that wrote it, --overwrite to delete it, or another -o FILE",
            path, version, event_version, unsigned{journal_version}, unsigned{study::event_format_version})};
    }
}

std::size_t read_events(const std::vector<std::byte>& payload, std::uint64_t offset, const RecordReader& reader,
                        const std::function<void(const study::Event&)>& callback) {
    ByteReader bytes{payload};
    std::size_t count = 0;
    while (!bytes.at_end()) {
        const study::Event event = [&] {
            try {
                return study::decode_event(bytes);
            } catch (const FormatError& error) {
                throw OutputError{fmt::format("{}: the record at byte {} holds no event that this hpogrid knows: {}",
                                              reader.file().path().string(), offset, error.what())};
            }
        }();
        callback(event);
        ++count;
    }
    return count;
}

}  // namespace

JournalContents read_journal(const std::filesystem::path& path,
                             const std::function<void(const study::Event&)>& callback) {
    RecordReader reader{path};
    check_preamble(reader);
    JournalContents contents;
    std::uint64_t offset = preamble_size;
    while (const std::vector<std::byte>* payload = reader.record_at(offset)) {
        if (offset == preamble_size) {
            contents.header.assign(reinterpret_cast<const char*>(payload->data()), payload->size());
        } else {
            contents.events += read_events(*payload, offset, reader, callback);
        }
        offset += record_head_size + payload->size();
    }
    if (offset == preamble_size) {
        throw OutputError{fmt::format("{}: the journal's header at byte {} is damaged", path.string(), offset)};
    }
    if (const std::uint64_t next = reader.find_record(offset + 1); next < reader.size()) {
        throw OutputError{
            fmt::format("{}: the journal is damaged at byte {} (whole records follow at byte {}), so it "
                        "cannot be resumed without losing them",
                        path.string(), offset, next)};
    }
    contents.valid_bytes = offset;
    contents.dropped_bytes = reader.size() - offset;
    return contents;
}

}  // namespace hpogrid::results
