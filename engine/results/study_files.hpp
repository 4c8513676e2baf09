#pragma once

#include <filesystem>

namespace hpogrid::program {

/// Where a study keeps its files. All follow from the results path, so that several studies can share a folder.
struct StudyPaths {
    std::filesystem::path results;   ///< results.h5
    std::filesystem::path journal;   ///< results.journal
    std::filesystem::path metadata;  ///< userJobMetadata.json, in the folder of the results: PanDA looks there
    std::filesystem::path trials;    ///< results.trials/000007/…
};

/// `output`: the results file; relative paths start at the current folder.
[[nodiscard]] StudyPaths study_paths(const std::filesystem::path& output);

enum class ExistingFiles { refuse, resume, overwrite };

/// Makes sure that the files may be written as asked: throws InputError where an earlier study lies there and neither
/// --resume nor --overwrite was given, OutputError where the folder cannot be written. With `overwrite`, removes the
/// earlier study. Answers whether there is a journal to resume.
[[nodiscard]] bool prepare_files(const StudyPaths& paths, ExistingFiles existing);

}  // namespace hpogrid::program
