#include "engine/config/text_file.hpp"

#include "engine/config/printable.hpp"
#include "engine/core/error.hpp"
#include "engine/core/nearest.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <cstring>
#include <memory>
#include <system_error>
#include <vector>

namespace hpogrid::config {
namespace fs = std::filesystem;
namespace {

constexpr std::size_t largest_file = std::size_t{16} << 20U;

std::string_view kind_name(fs::file_type type) {
    switch (type) {
        case fs::file_type::directory:
            return "a folder";
        case fs::file_type::fifo:
            return "a pipe";
        case fs::file_type::socket:
            return "a socket";
        case fs::file_type::block:
        case fs::file_type::character:
            return "a device";
        default:
            return "no regular file";
    }
}

void check_regular(const fs::path& file) {
    std::error_code error;
    const fs::file_status status = fs::status(file, error);
    if (status.type() == fs::file_type::not_found) {
        throw InputError{fmt::format("{}: does not exist{}, allowed: a JSON file", printable_path(file),
                                     nearest_entry(file.parent_path(), file.filename().string()))};
    }
    if (error) {
        throw InputError{
            fmt::format("{}: cannot be read ({}), allowed: a JSON file", printable_path(file), error.message())};
    }
    // A pipe would make the reader wait for ever.
    if (status.type() != fs::file_type::regular) {
        throw InputError{
            fmt::format("{}: is {}, allowed: a JSON file", printable_path(file), kind_name(status.type()))};
    }
}

struct CloseFile {
    void operator()(std::FILE* stream) const noexcept { static_cast<void>(std::fclose(stream)); }
};

}  // namespace

std::string why_not_found(const fs::path& path, std::string_view what) {
    std::error_code error;
    const bool is_unknown = fs::status(path, error).type() == fs::file_type::none;
    return is_unknown ? error.message() : fmt::format("no such {}", what);
}

std::string nearest_entry(const fs::path& folder, const std::string& name) {
    constexpr std::size_t most_entries = 1000;
    std::vector<std::string> names;
    std::error_code error;
    for (fs::directory_iterator entry{folder.empty() ? fs::path{"."} : folder, error}, end;
         !error && entry != end && names.size() < most_entries; entry.increment(error)) {
        names.push_back(printable(entry->path().filename().string()));
    }
    std::ranges::sort(names);
    const std::vector<std::string_view> candidates{names.begin(), names.end()};
    return did_you_mean(name, candidates);
}

std::string read_text_file(const fs::path& file) {
    check_regular(file);
    const std::unique_ptr<std::FILE, CloseFile> stream{std::fopen(file.c_str(), "rb")};
    if (!stream) {
        throw InputError{fmt::format("{}: cannot be read ({}), allowed: a readable JSON file", printable_path(file),
                                     std::strerror(errno))};
    }
    std::string text;
    std::string block(std::size_t{64} << 10U, '\0');
    while (const std::size_t count = std::fread(block.data(), 1, block.size(), stream.get())) {
        text.append(block, 0, count);
        if (text.size() > largest_file) {
            throw InputError{fmt::format("{}: is larger than 16 MiB, allowed: at most 16 MiB", printable_path(file))};
        }
    }
    if (std::ferror(stream.get()) != 0) {
        throw InputError{fmt::format("{}: cannot be read ({}), allowed: a readable JSON file", printable_path(file),
                                     std::strerror(errno))};
    }
    return text;
}

}  // namespace hpogrid::config
