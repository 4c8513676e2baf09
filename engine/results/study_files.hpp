#pragma once

#include <filesystem>
#include <vector>

namespace hpogrid::results {

/// Where a study keeps its files. All but the metadata follow from the results path, so that several studies can share
/// a folder.
struct StudyFiles {
    std::filesystem::path results;      ///< results.h5
    std::filesystem::path journal;      ///< results.journal
    std::filesystem::path metadata;     ///< userJobMetadata.json, in the folder of the results: PanDA looks there
    std::filesystem::path trials;       ///< results.trials/000007/…
    std::filesystem::path checkpoints;  ///< results.checkpoints/000007_1_3
    std::filesystem::path earlier;      ///< results.to-be-overwritten/, see EarlierStudy
};

/// `output`: the results file; relative paths start at the current folder. Throws InputError where it is no name for
/// one.
[[nodiscard]] StudyFiles study_files(const std::filesystem::path& output);

/// Key of the journal's header (an object) under which it says when the study began, seconds since the epoch. It is
/// also the `start_timestamp` of the metadata: that is how metadata of other studies are told apart.
inline constexpr const char* started_key = "started";

/// What to do with an earlier study.
enum class ExistingFiles { refuse, resume, overwrite };

/// Changes nothing. Throws InputError where an earlier study lies there and neither --resume nor --overwrite was given,
/// and where --overwrite would delete what no study has written; OutputError where the folder cannot be written or the
/// files could not get their names. Answers whether there is a journal to resume.
[[nodiscard]] bool check_files(const StudyFiles& files, ExistingFiles existing);

/// What a study left, and nothing else: of its folders only what is inside of them. The journal comes last.
[[nodiscard]] std::vector<std::filesystem::path> paths_of_study(const StudyFiles& files);

/// Deletes what an earlier study left, and nothing else. Throws OutputError, before anything is gone if another process
/// is still at work on it.
void remove_study(const StudyFiles& files);

/// Studies of one folder share the name of the metadata. Where that of another study lies there, it becomes
/// userJobMetadata.1.json, or the first number that is free. `started`: when this study began. Throws OutputError.
void keep_metadata_of_others(const std::filesystem::path& metadata, double started);

}  // namespace hpogrid::results
