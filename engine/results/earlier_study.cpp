#include "engine/results/earlier_study.hpp"

#include "engine/results/file.hpp"
#include "engine/results/journal_lock.hpp"

#include <exception>
#include <string>
#include <system_error>
#include <utility>
#include <vector>

namespace hpogrid::results {
namespace fs = std::filesystem;
namespace {

bool is_there(const fs::path& path) {
    std::error_code ignored;
    return fs::exists(fs::symlink_status(path, ignored));
}

void move_to(const fs::path& from, const fs::path& to) {
    std::error_code error;
    fs::create_directories(to.parent_path(), error);
    fs::rename(from, to, error);
    if (error) {
        throw system_error(from, "moved to " + to.string(), error.value());
    }
}

/// Folders of trials and checkpoints are not moved themselves: they may hold more than the study's.
void move_content(const fs::path& from, const fs::path& to) {
    for (const fs::directory_entry& entry : fs::directory_iterator{from}) {
        const fs::path target = to / entry.path().filename();
        if (entry.is_directory() && fs::exists(target)) {
            move_content(entry.path(), target);
        } else {
            move_to(entry.path(), target);
        }
    }
}

}  // namespace

EarlierStudy::EarlierStudy(StudyFiles files)
    : files_{std::move(files)},
      moving_{fs::path{files_.earlier} += ".moving"},
      removing_{fs::path{files_.earlier} += ".removing"} {
    if (is_there(moving_)) {
        const JournalLock lock{files_.journal};
        move_back();
    }
    if (is_there(removing_)) {
        std::error_code ignored;
        fs::remove_all(removing_, ignored);
    }
}

void EarlierStudy::set_aside() {
    if (is_there(files_.earlier)) {
        remove_study(files_);
        return;
    }
    const JournalLock lock{files_.journal};
    const std::vector<fs::path> paths = paths_of_study(files_);
    if (paths.empty()) {
        return;
    }
    const fs::path folder = files_.results.parent_path();
    for (const fs::path& path : paths) {
        move_to(path, moving_ / path.lexically_relative(folder));
    }
    move_to(moving_, files_.earlier);
}

void EarlierStudy::put_back() {
    if (!is_there(files_.earlier)) {
        return;
    }
    remove_study(files_);
    move_to(files_.earlier, moving_);
    move_back();
}

void EarlierStudy::move_back() {
    try {
        move_content(moving_, files_.results.parent_path());
    } catch (const fs::filesystem_error& error) {
        throw system_error(moving_, "moved back", error.code().value());
    }
    std::error_code ignored;
    fs::remove_all(moving_, ignored);
}

void EarlierStudy::discard() noexcept {
    std::error_code error;
    fs::rename(files_.earlier, removing_, error);
    if (error) {
        return;
    }
    try {
        removal_ = std::async(std::launch::async, [folder = removing_] {
            std::error_code ignored;
            fs::remove_all(folder, ignored);
        });
    } catch (const std::exception&) {
        fs::remove_all(removing_, error);
    }
}

}  // namespace hpogrid::results
