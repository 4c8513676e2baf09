#pragma once

#include "engine/results/study_files.hpp"

#include <filesystem>
#include <future>

namespace hpogrid::results {

/// The study that --overwrite deletes: it is set aside, in StudyFiles::earlier, until the new one has begun a trial. So
/// a script that cannot be imported or data that nobody can use cost nothing.
///
/// Whatever moment the process is killed at, nothing is lost: while the study is being moved, the folder has another
/// name, by which the next run knows that the rest lies at its old place.
class EarlierStudy {
  public:
    /// Puts back what a killed run had half set aside, and deletes what it had half deleted. Throws OutputError.
    explicit EarlierStudy(StudyFiles files);
    EarlierStudy(const EarlierStudy&) = delete;
    EarlierStudy& operator=(const EarlierStudy&) = delete;
    /// Waits for what discard() has begun.
    ~EarlierStudy() = default;

    /// Where one is set aside already, the study that did so never began a trial: that one is deleted. Throws
    /// OutputError, before anything is moved if another process is still at work on the study.
    void set_aside();
    /// In place of the study that was to follow, which is deleted. No effect if none is set aside. Throws OutputError.
    void put_back();
    /// Deletes it, in a thread: a folder of thousands of trials may take minutes on a network file system. No effect if
    /// none is set aside. What cannot be deleted is tried again by the next run.
    void discard() noexcept;

  private:
    void move_back();

    StudyFiles files_;
    std::filesystem::path moving_;
    std::filesystem::path removing_;
    std::future<void> removal_;
};

}  // namespace hpogrid::results
