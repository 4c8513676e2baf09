#include "engine/program/study_paths.hpp"

#include "engine/core/error.hpp"
#include "engine/results/writable.hpp"

#include <fmt/format.h>

#include <system_error>

namespace hpogrid::program {
namespace fs = std::filesystem;

StudyPaths study_paths(const fs::path& output) {
    const fs::path results = fs::absolute(output).lexically_normal();
    const auto beside = [&](const char* extension) { return fs::path{results}.replace_extension(extension); };
    return {.results = results,
            .journal = beside(".journal"),
            .metadata = results.parent_path() / "userJobMetadata.json",
            .trials = beside(".trials")};
}

namespace {

void delete_earlier(const fs::path& path) {
    std::error_code error;
    fs::remove_all(path, error);
    if (error) {
        throw OutputError{fmt::format("{}: cannot be removed for --overwrite: {}", path.string(), error.message())};
    }
}

}  // namespace

bool prepare_files(const StudyPaths& paths, ExistingFiles existing) {
    if (paths.results.filename().empty() || paths.results.extension() == ".journal" ||
        fs::is_directory(paths.results)) {
        throw InputError{fmt::format("-o {}: is no name for a results file, allowed: a path like results.h5",
                                     paths.results.string())};
    }
    results::check_writable(paths.results.parent_path());
    const bool journal_exists = fs::exists(paths.journal);
    if (existing == ExistingFiles::overwrite) {
        for (const fs::path& path : {paths.journal, paths.results, paths.trials}) {
            delete_earlier(path);
        }
        return false;
    }
    if (existing == ExistingFiles::resume && (journal_exists || !fs::exists(paths.results))) {
        return journal_exists;
    }
    for (const fs::path& path : {paths.journal, paths.results}) {
        if (fs::exists(path)) {
            throw InputError{
                fmt::format("{}: an earlier study lies here, allowed: --resume to go on with it, "
                            "--overwrite to delete it, or another -o FILE",
                            path.string())};
        }
    }
    return false;
}

}  // namespace hpogrid::program
