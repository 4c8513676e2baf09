#include "launchers/core/folders.hpp"

#include "engine/config/printable.hpp"
#include "engine/core/error.hpp"
#include "engine/results/file.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <ctime>
#include <system_error>

namespace hpogrid::launchers {
namespace fs = std::filesystem;
using config::printable_path;
namespace {

bool stays_behind(const fs::path& name) {
    return name == ".git" || name == ".svn" || name == "__pycache__";
}

/// Copies and counts; folders deeper than this are links in a circle.
class Copy {
  public:
    explicit Copy(std::uintmax_t most_bytes) : most_bytes_{most_bytes} {}

    void folder(const fs::path& source, const fs::path& target, int depth) {
        constexpr int deepest = 64;
        if (depth > deepest) {
            throw InputError{fmt::format("{}: lies deeper than {} folders, allowed: scripts without links in a circle",
                                         printable_path(source), deepest)};
        }
        make_folder(target);
        for (const fs::directory_entry& entry : fs::directory_iterator{source}) {
            const fs::path name = entry.path().filename();
            if (stays_behind(name)) {
                continue;
            }
            if (entry.is_directory()) {
                folder(entry.path(), target / name, depth + 1);
            } else {
                file(entry.path(), target / name);
            }
        }
    }

    void file(const fs::path& source, const fs::path& target) {
        if (!fs::is_regular_file(source)) {
            throw InputError{
                fmt::format("{}: is no file, allowed: files, folders and links to them", printable_path(source))};
        }
        bytes_ += fs::file_size(source);
        if (bytes_ > most_bytes_) {
            throw InputError{
                fmt::format("scripts_path: its files are larger than {} MiB, allowed: scripts; data belong "
                            "into an input dataset",
                            most_bytes_ >> 20U)};
        }
        fs::copy_file(source, target);
    }

  private:
    std::uintmax_t most_bytes_;
    std::uintmax_t bytes_{0};
};

}  // namespace

bool is_there(const fs::path& path) {
    std::error_code error;
    return fs::symlink_status(path, error).type() != fs::file_type::not_found;
}

std::string timestamp() {
    const std::time_t now = std::time(nullptr);
    std::tm utc{};
    ::gmtime_r(&now, &utc);
    char text[32];
    return {text, std::strftime(text, sizeof text, "%Y%m%d%H%M%S", &utc)};
}

std::vector<fs::path> files_below(const fs::path& folder, const std::string& name) {
    std::vector<fs::path> files;
    std::error_code error;
    for (fs::directory_iterator entry{folder, error}, end; !error && entry != end; entry.increment(error)) {
        if (const fs::path file = entry->path() / name; is_there(file)) {
            files.push_back(file);
        }
    }
    std::ranges::sort(files);
    return files;
}

void make_folder(const fs::path& folder) {
    std::error_code error;
    fs::create_directories(folder, error);
    if (error) {
        throw OutputError{fmt::format("{}: cannot be created: {}", printable_path(folder), error.message())};
    }
}

fs::path make_dated_folder(const fs::path& parent) {
    make_folder(parent);
    const fs::path first = parent / timestamp();
    fs::path folder = first;
    std::error_code error;
    for (int again = 2; !fs::create_directory(folder, error); ++again) {
        if (error) {
            throw OutputError{fmt::format("{}: cannot be created: {}", printable_path(folder), error.message())};
        }
        folder = first;
        folder += fmt::format("_{}", again);
    }
    return folder;
}

fs::path move_to_backup(const fs::path& path) {
    const fs::path folder = path.parent_path() / "backup";
    make_folder(folder);
    const std::string stem = path.extension() == ".json" ? path.stem().string() : path.filename().string();
    const std::string extension = path.extension() == ".json" ? ".json" : "";
    const std::string base = fmt::format("{}_{}", stem, timestamp());
    fs::path backup = folder / (base + extension);
    for (int again = 2; is_there(backup); ++again) {
        backup = folder / fmt::format("{}_{}{}", base, again, extension);
    }
    if (::rename(path.c_str(), backup.c_str()) != 0) {
        throw results::system_error(path, "moved to its backup", errno);
    }
    return backup;
}

fs::path unfinished_name(const fs::path& path) {
    return path.parent_path() / fmt::format(".{}.{}.tmp", path.filename().string(), ::getpid());
}

void publish(const fs::path& unfinished, const fs::path& path) {
    if (is_there(path)) {
        throw OutputError{fmt::format("{}: exists already", printable_path(path))};
    }
    if (::rename(unfinished.c_str(), path.c_str()) != 0) {
        throw results::system_error(path, "created", errno);
    }
    results::sync_folder(path.parent_path());
}

void copy_scripts(const fs::path& source, const fs::path& target, std::uintmax_t most_bytes) {
    try {
        Copy copy{most_bytes};
        if (fs::is_directory(source)) {
            copy.folder(source, target, 0);
        } else {
            make_folder(target);
            copy.file(source, target / source.filename());
        }
    } catch (const fs::filesystem_error& error) {
        throw OutputError{
            fmt::format("{}: cannot be copied: {}", printable_path(error.path1()), error.code().message())};
    }
}

}  // namespace hpogrid::launchers
