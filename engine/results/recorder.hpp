#pragma once

#include "engine/results/snapshot.hpp"
#include "engine/study/checkpoint.hpp"
#include "engine/study/event.hpp"
#include "engine/study/study.hpp"

#include <cstddef>
#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace hpogrid::results {

/// Follows a study and keeps what its results need: every accepted report, where each trial ran, and the ended trials
/// in a form that snapshots can share. Memory: 40 bytes and 12 a number for a report; 130 bytes, 16 a parameter, 16 a
/// metric and its texts for a trial.
class Recorder {
  public:
    explicit Recorder(RunInfo info);

    /// Call it for every event, right after Study::apply(), in a replay too.
    void record(const study::Event& event, const study::Study& study);

    /// The study now. Takes time only for trials that have not ended, and those that a lost worker or a stop request
    /// ended since the last snapshot. `time`: seconds since the epoch, UTC.
    [[nodiscard]] Snapshot snapshot(const study::Study& study, RunStatus status, double time);

  private:
    void joined(const study::WorkerJoined& event);
    void started(const study::TrialStarted& event, const study::Study& study);
    void note_continuation(const study::Trial& trial, const study::Study& study);
    [[nodiscard]] static std::string best_checkpoint(const study::Study& study);
    void reported(const study::TrialReported& event, const study::Study& study);
    void notice_new_trials(const study::Study& study);
    void notice_new_metrics(const study::Study& study);
    void close(const study::Trial& trial);
    [[nodiscard]] std::uint32_t origin_index(const std::string& origin);

    std::shared_ptr<const RunInfo> info_;
    std::vector<Place> places_;
    std::map<std::uint32_t, std::uint32_t> place_of_worker_;
    std::vector<std::uint32_t> place_of_trial_;
    std::vector<bool> has_ended_;
    std::vector<std::uint32_t> open_;  ///< trials not in ended_, some of which may have ended
    std::vector<std::string> origins_;
    std::vector<std::string> metrics_;
    std::map<std::string, std::uint32_t, std::less<>> metric_indices_;  ///< as in the study
    TrialTable ended_;
    std::size_t accepted_reports_{0};
    AppendOnly<ReportRow> reports_;
    AppendOnly<std::uint32_t> report_metrics_;
    AppendOnly<double> report_values_;
    AppendOnly<AttemptRow> attempts_;
    /// By trial: the checkpoint of another that it went on from last, and the attempt that did so first.
    std::map<std::uint32_t, std::pair<study::Checkpoint, std::uint32_t>> origins_of_weights_;
};

}  // namespace hpogrid::results
