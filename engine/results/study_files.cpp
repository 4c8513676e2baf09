#include "engine/results/study_files.hpp"

#include "engine/config/printable.hpp"
#include "engine/core/error.hpp"
#include "engine/results/file.hpp"
#include "engine/results/journal.hpp"
#include "engine/results/journal_format.hpp"
#include "engine/results/journal_lock.hpp"
#include "engine/results/writable.hpp"
#include "engine/study/checkpoint.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <fstream>
#include <iterator>
#include <nlohmann/json.hpp>
#include <string>
#include <string_view>
#include <system_error>
#include <vector>

namespace hpogrid::results {
namespace fs = std::filesystem;
namespace {

constexpr std::string_view hdf5_beginning = "\x89HDF\r\n\x1a\n";
constexpr std::string_view journal_beginning{journal_magic.data(), journal_magic.size()};

bool begins_with(const fs::path& file, std::string_view beginning) {
    std::string bytes(beginning.size(), '\0');
    std::ifstream{file, std::ios::binary}.read(bytes.data(), static_cast<std::streamsize>(bytes.size()));
    return bytes == beginning;
}

/// Throws where the system cannot even tell, as for a name that is too long.
bool is_there(const fs::path& path) {
    std::error_code error;
    const fs::file_status status = fs::symlink_status(path, error);
    if (error && status.type() != fs::file_type::not_found) {
        throw system_error(path, "used", error.value());
    }
    return status.type() != fs::file_type::not_found;
}

bool is_trial_folder(const fs::directory_entry& entry) {
    const std::string name = entry.path().filename().string();
    return name.size() >= 6 && std::ranges::all_of(name, [](char c) { return c >= '0' && c <= '9'; });
}

bool is_checkpoint(const fs::directory_entry& entry) {
    return study::is_checkpoint_name(entry.path().filename().string());
}

std::vector<fs::path> folders_in(const fs::path& parent, bool (*wanted)(const fs::directory_entry&)) {
    std::vector<fs::path> folders;
    std::error_code error;
    for (fs::directory_iterator entry{parent, error}, end; !error && entry != end; entry.increment(error)) {
        if (wanted(*entry)) {
            folders.push_back(entry->path());
        }
    }
    return folders;
}

void check_kinds(const StudyFiles& files) {
    for (const fs::path& path : {files.results, files.journal, files.metadata}) {
        if (is_there(path) && !fs::is_regular_file(path)) {
            throw OutputError{fmt::format("{}: is no regular file, so the study cannot write it", path.string())};
        }
    }
    for (const fs::path& path : {files.trials, files.checkpoints, files.earlier}) {
        if (is_there(path) && !fs::is_directory(path)) {
            throw OutputError{fmt::format("{}: is no folder, so the study cannot write into it", path.string())};
        }
    }
}

void check_deletable(const StudyFiles& files) {
    const auto check = [](const fs::path& path, std::string_view beginning, std::string_view what) {
        if (is_there(path) && fs::file_size(path) > 0 && !begins_with(path, beginning)) {
            throw InputError{fmt::format("{}: is no {}, so --overwrite leaves it alone, allowed: another -o FILE",
                                         path.string(), what)};
        }
    };
    check(files.results, hdf5_beginning, "results file (HDF5)");
    check(files.journal, journal_beginning, "journal of hpogrid");
}

void erase(const fs::path& path) {
    std::error_code error;
    fs::remove_all(path, error);
    if (error) {
        throw system_error(path, "removed for --overwrite", error.value());
    }
}

bool is_of_study(const fs::path& metadata, const nlohmann::json& started) {
    std::ifstream stream{metadata};
    const nlohmann::json document = nlohmann::json::parse(stream, nullptr, false);
    return document.is_object() && document.contains("start_timestamp") && document["start_timestamp"] == started;
}

/// When the study of this journal began, null where that cannot be told.
nlohmann::json beginning_of_study(const fs::path& journal) {
    try {
        const JournalContents contents = read_journal(journal, [](const study::Event&) {});
        const nlohmann::json header = nlohmann::json::parse(contents.header, nullptr, false);
        return header.is_object() && header.contains(started_key) ? header[started_key] : nlohmann::json{};
    } catch (const OutputError&) {
        return {};
    }
}

}  // namespace

StudyFiles study_files(const fs::path& output) {
    const fs::path results = output.empty() ? output : fs::absolute(output).lexically_normal();
    const auto beside = [&](const char* extension) { return fs::path{results}.replace_extension(extension); };
    StudyFiles files{.results = results,
                     .journal = beside(".journal"),
                     .metadata = results.parent_path() / "userJobMetadata.json",
                     .trials = beside(".trials"),
                     .checkpoints = beside(".checkpoints"),
                     .earlier = beside(".to-be-overwritten")};
    const bool taken = results == files.journal || results == files.metadata || results == files.trials ||
                       results == files.checkpoints || results == files.earlier;
    std::error_code ignored;
    if (output.empty() || results.filename().empty() || taken || fs::is_directory(results, ignored)) {
        throw InputError{fmt::format("-o '{}': is no name for a results file, allowed: a path like results.h5",
                                     config::printable_path(output))};
    }
    return files;
}

bool check_files(const StudyFiles& files, ExistingFiles existing) {
    check_writable(folder_of(files.results));
    check_kinds(files);
    const bool journal_exists = is_there(files.journal);
    if (existing == ExistingFiles::overwrite) {
        check_deletable(files);
        return false;
    }
    if (existing == ExistingFiles::resume && journal_exists) {
        return true;
    }
    const bool trials_exist = !folders_in(files.trials, is_trial_folder).empty();
    const bool checkpoints_exist = !folders_in(files.checkpoints, is_checkpoint).empty();
    for (const auto& [path, there] :
         {std::pair{files.journal, journal_exists}, std::pair{files.results, is_there(files.results)},
          std::pair{files.trials, trials_exist}, std::pair{files.checkpoints, checkpoints_exist}}) {
        if (there && existing == ExistingFiles::resume) {
            throw InputError{
                fmt::format("{}: cannot be resumed without its journal {}, allowed: --overwrite to delete "
                            "it, or another -o FILE",
                            path.string(), files.journal.string())};
        }
        if (there) {
            throw InputError{
                fmt::format("{}: an earlier study lies here, allowed: --resume to go on with it, "
                            "--overwrite to delete it, or another -o FILE",
                            path.string())};
        }
    }
    if (existing == ExistingFiles::refuse && is_there(files.earlier)) {
        throw InputError{
            fmt::format("{}: an earlier study was to be overwritten by one that was interrupted before its first "
                        "trial, allowed: --overwrite to delete it, --resume to start that one, or another -o FILE",
                        files.earlier.string())};
    }
    return false;
}

std::vector<fs::path> paths_of_study(const StudyFiles& files) {
    std::vector<fs::path> paths = folders_in(files.trials, is_trial_folder);
    std::ranges::move(folders_in(files.checkpoints, is_checkpoint), std::back_inserter(paths));
    const bool has_journal = is_there(files.journal);
    const nlohmann::json started = has_journal ? beginning_of_study(files.journal) : nlohmann::json{};
    if (!started.is_null() && is_of_study(files.metadata, started)) {
        paths.push_back(files.metadata);
    }
    if (is_there(files.results)) {
        paths.push_back(files.results);
    }
    if (has_journal) {
        paths.push_back(files.journal);
    }
    return paths;
}

void remove_study(const StudyFiles& files) {
    const JournalLock lock{files.journal};
    for (const fs::path& path : paths_of_study(files)) {
        erase(path);
    }
}

void keep_metadata_of_others(const fs::path& metadata, double started) {
    if (!is_there(metadata) || is_of_study(metadata, started)) {
        return;
    }
    const auto numbered = [&](int number) {
        return fs::path{metadata}.replace_extension(fmt::format(".{}.json", number));
    };
    int number = 1;
    while (is_there(numbered(number))) {
        ++number;
    }
    std::error_code error;
    fs::rename(metadata, numbered(number), error);
    if (error) {
        throw system_error(metadata, "renamed to " + numbered(number).string(), error.value());
    }
}

}  // namespace hpogrid::results
