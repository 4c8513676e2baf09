#pragma once

#include "engine/results/append_only.hpp"
#include "engine/results/run_info.hpp"
#include "engine/results/trial_table.hpp"

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace hpogrid::results {

/// File attribute `status`.
enum class RunStatus {
    running,
    finished,  ///< every trial has ended
    stopped,   ///< ended by a signal, the time budget or the loss of all workers: --resume goes on
};

/// Where a trial ran.
struct Place {
    std::uint32_t worker;
    std::string host;
    std::string gpu;
};

/// One accepted report; its values are a range of metric indices and numbers.
struct ReportRow {
    std::uint32_t trial;
    std::uint32_t attempt;
    double iteration;
    double time;
    std::size_t begin;
    std::uint32_t count;
};

/// A later attempt of a trial begins: what was reported before, in `since` or a later attempt, and lies beyond `from`
/// is void.
struct AttemptRow {
    std::uint32_t trial;
    std::uint32_t since;
    double from;         ///< `training_iteration` that it goes on from; minus infinity from the beginning
    std::size_t before;  ///< rows of reports that came earlier
};

struct Reports {
    AppendOnly<ReportRow>::View rows;
    AppendOnly<std::uint32_t>::View metrics;  ///< indices into Snapshot::metrics
    AppendOnly<double>::View values;
    AppendOnly<AttemptRow>::View attempts;
};

/// A study at one moment: all that results.h5 and the metadata say. A value that shares what no longer changes with the
/// recorder, so taking one is cheap and it can be written in another thread.
struct Snapshot {
    std::shared_ptr<const RunInfo> info;
    RunStatus status{RunStatus::running};
    double time{0.0};  ///< when it was taken, seconds since the epoch, UTC
    std::optional<std::uint32_t> best_trial;
    std::string best_checkpoint;  ///< name of the folder of the best trial's checkpoint, empty without one
    std::vector<std::string> metrics;
    std::vector<std::string> origins;
    std::vector<Place> places;
    TrialTable::View ended;  ///< trials in final states, in the order in which they ended
    TrialTable::View open;   ///< all others
    Reports reports;         ///< with void ones, which writers leave out

    [[nodiscard]] std::size_t trial_count() const noexcept { return ended.size() + open.size(); }
};

}  // namespace hpogrid::results
