#include "launchers/watch/watcher.hpp"

#include "engine/config/printable.hpp"
#include "engine/console/live_block.hpp"
#include "engine/core/error.hpp"
#include "engine/core/wall_clock.hpp"
#include "engine/results/file.hpp"
#include "engine/results/journal_lock.hpp"
#include "engine/results/results_file.hpp"
#include "engine/results/study_files.hpp"
#include "launchers/core/folders.hpp"
#include "launchers/core/text_table.hpp"
#include "launchers/watch/view_text.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>

#include <chrono>
#include <cstdio>
#include <optional>
#include <system_error>
#include <thread>

namespace hpogrid::launchers {
namespace fs = std::filesystem;
namespace {

/// When the file got its present content, seconds since the epoch; nothing if there is none.
std::optional<double> time_of(const fs::path& file) {
    constexpr double nano = 1e-9;
    struct stat status {};
    if (::stat(file.c_str(), &status) != 0) {
        return std::nullopt;
    }
    return static_cast<double>(status.st_mtim.tv_sec) + nano * static_cast<double>(status.st_mtim.tv_nsec);
}

results::StudyFiles files_of(const fs::path& results) {
    std::error_code error;
    if (!fs::is_directory(results, error)) {
        results::StudyFiles files = results::study_files(results);
        if (fs::exists(files.results, error) || fs::exists(files.journal, error)) {
            return files;
        }
    }
    throw InputError{fmt::format("{}: there is no study here{}, allowed: results.h5 of one that runs or has run",
                                 config::printable_path(results), error ? " (" + error.message() + ")" : "")};
}

class Watcher {
  public:
    explicit Watcher(const WatchOptions& options) : options_{options}, files_{files_of(options.results)} {}

    bool run() {
        while (true) {
            // Before the results are read, so that what an engine writes last is seen.
            const bool gone = engine_is_gone();
            const bool changed = read();
            const bool ended = view_ && view_->status != "running";
            moment_.vanished = gone && !ended;
            if (options_.mode == WatchMode::once || ended || gone) {
                show_last();
                return !moment_.vanished;
            }
            show(changed);
            std::this_thread::sleep_for(std::chrono::duration<double>{options_.interval});
        }
    }

  private:
    /// Whether an engine of this machine had the study, and has it no more.
    bool engine_is_gone() {
        if (!is_there(files_.journal)) {
            return false;
        }
        const bool held = results::journal_holder(results::File{files_.journal, O_RDONLY}).has_value();
        seen_ = seen_ || held;
        return seen_ && !held;
    }

    /// Whether the results have changed.
    bool read() {
        const auto written = time_of(files_.results);
        if (!written || (view_ && *written == moment_.written)) {
            return false;
        }
        constexpr std::size_t most = 8;
        view_ = view_of(results::read_results_file(files_.results), most);
        moment_.written = *written;
        return true;
    }

    void show(bool changed) {
        moment_.now = wall_clock();
        if (options_.mode == WatchMode::live) {
            const std::size_t width = terminal_width();
            // A line that fills the last column makes some terminals wrap.
            block_.draw(view_ ? view_block(*view_, moment_, width - 1) : std::vector<std::string>{"no results yet"},
                        width);
        } else if (changed) {
            fmt::print("{}\n", view_line(*view_, moment_));
            std::fflush(stdout);
        }
    }

    void show_last() {
        moment_.now = wall_clock();
        block_.clear(terminal_width());
        if (!view_) {
            fmt::print("no results yet\n");
        } else if (options_.mode == WatchMode::lines) {
            fmt::print("{}\n", view_line(*view_, moment_));
        } else {
            for (const std::string& line : view_block(*view_, moment_, terminal_width())) {
                fmt::print("{}\n", line);
            }
        }
    }

    const WatchOptions& options_;
    results::StudyFiles files_;
    console::LiveBlock block_;
    std::optional<StudyView> view_;
    ViewMoment moment_;
    bool seen_{false};  ///< an engine had the journal open
};

}  // namespace

bool watch(const WatchOptions& options) {
    return Watcher{options}.run();
}

}  // namespace hpogrid::launchers
