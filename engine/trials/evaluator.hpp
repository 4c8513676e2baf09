#pragma once

#include "engine/core/ids.hpp"
#include "engine/study/event.hpp"
#include "engine/study/mode.hpp"

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <limits>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <variant>
#include <vector>

struct pollfd;

namespace hpogrid::kernels {
class Collectives;
}

namespace hpogrid::trials {

struct NativeCheckpoint;
class RecentCheckpoints;

/// One attempt of one trial, ready to run.
struct TrialOrder {
    TrialId trial;
    std::uint32_t attempt{1};
    /// The configuration that the script sees, `model_config.param` merged in: a JSON object as text.
    std::string configuration;
    /// Seed for the script's own random numbers.
    std::uint64_t seed{0};
    /// Checkpoint to continue from, empty to start from zero.
    std::filesystem::path checkpoint;
    /// From this time on (Surroundings::time_attribute) the trial saves a checkpoint with its report and waits for
    /// proceed(); infinity = never. Only Python and native trials do so.
    double milestone{std::numeric_limits<double>::infinity()};
    /// What is in the checkpoint, where that is in memory; travels with no message. Only native trials use it.
    std::shared_ptr<const NativeCheckpoint> state{};
};

struct AttemptStarted {
    TrialId trial;
    std::uint32_t attempt{1};
    SlotId slot;
    double time{0.0};
};

struct AttemptReported {
    TrialId trial;
    std::uint32_t attempt{1};
    study::Report report;
};

/// A checkpoint is whole in its folder. Comes before the report that it belongs to.
struct AttemptSaved {
    study::Checkpoint checkpoint;
};

struct AttemptEnded {
    TrialId trial;
    std::uint32_t attempt{1};
    study::Outcome outcome{study::Outcome::completed};
    std::string error;
    std::string log;
    double time{0.0};
};

using TrialNews = std::variant<AttemptStarted, AttemptReported, AttemptSaved, AttemptEnded>;

/// Why a running attempt is ended from outside.
enum class StopCause {
    stopped,
    cancelled,
    leaving,  ///< the whole study stops: end with the next checkpoint, if one comes before the attempt is cancelled
};

/// How long an attempt may take. Zero = no limit.
struct TimeLimits {
    std::chrono::duration<double> wall{0};     ///< since its start
    std::chrono::duration<double> silence{0};  ///< since its last report or output
    std::chrono::duration<double> grace{5};    ///< between SIGTERM and SIGKILL
};

/// What every attempt gets, whatever evaluates it.
struct Surroundings {
    /// Trial folders are made below: <folder>/<trial id, 6 digits>/.
    std::filesystem::path trials_folder;
    /// Checkpoints are saved below, see study::folder_name(); empty = in the trial's own folder.
    std::filesystem::path checkpoints_folder;
    /// Whether a class that can save itself does so at its end as well.
    bool save_at_end{true};
    /// A native trial saves a checkpoint with the next report when its last one is so old; as Python classes do.
    std::chrono::duration<double> checkpoint_interval{60};
    /// Name of what a milestone is about.
    std::string time_attribute{"training_iteration"};
    /// Folder with the user's scripts; the working directory of trials is their own folder.
    std::filesystem::path scripts_path;
    std::filesystem::path data_folder;
    std::filesystem::path work_folder;
    /// Value for CUDA_VISIBLE_DEVICES of each slot; empty string = no GPU ("" is set).
    std::vector<std::string> gpus_of_slot;
    /// Threads a trial may use: OMP_NUM_THREADS and friends.
    unsigned threads{1};
    /// Threads of a worker that trains all its trials itself.
    unsigned worker_threads{1};
    std::uint64_t log_limit{16U << 20};  ///< bytes kept of a trial's output (first and last half)
    TimeLimits limits;
    /// A trial is over when a value that it reports under this name reaches this limit. The study sees to it anyway; a
    /// trial that does so itself does not run on until the study has told it.
    std::vector<std::pair<std::string, double>> stop;
    unsigned slots{1};
    /// The workers of this node, among whom one reads data for all; null = each reads for itself. Used
    /// only while the evaluator is made.
    kernels::Collectives* node{nullptr};
    /// Where native trials keep what they save, beside the files; null = nowhere.
    std::shared_ptr<RecentCheckpoints> recent_checkpoints;
    /// Name of the objective, for messages about trials that never report it; empty = unknown.
    std::string metric;
    /// Which of its values are good.
    study::Mode mode{study::Mode::maximize};
};

/// Evaluates the trials of one worker in child processes. Single-threaded and non-blocking: the worker loop polls the
/// descriptors and calls advance(). User code never runs in the worker's own process, and whatever it does becomes an
/// AttemptEnded, never an exception. Exactly one AttemptEnded follows each start(), unless hindrance() says why not.
class Evaluator {
  public:
    Evaluator() = default;
    Evaluator(const Evaluator&) = delete;
    Evaluator& operator=(const Evaluator&) = delete;
    /// Kills whatever still runs.
    virtual ~Evaluator() = default;

    /// Takes an order; it starts when a slot is free, in the order of the calls. Never blocks.
    virtual void start(TrialOrder order) = 0;
    /// Ends a running or waiting attempt: SIGTERM, after the grace time SIGKILL, to its whole process group. No effect
    /// if it has ended.
    virtual void stop(TrialId trial, std::uint32_t attempt, StopCause cause) = 0;
    /// Lets an attempt that waits at its milestone go on to the next one. No effect where trials do not wait.
    virtual void proceed(TrialId /*trial*/, std::uint32_t /*attempt*/, double /*milestone*/) {}
    /// Asks an attempt to save a checkpoint as soon as it can, and to end with it. No effect where trials cannot.
    virtual void leave(TrialId /*trial*/, std::uint32_t /*attempt*/) {}
    /// Appends the descriptors whose readiness needs an advance().
    virtual void add_descriptors(std::vector<pollfd>& descriptors) const = 0;
    /// Does what can be done without waiting, and appends what happened. Called at least every 50 ms.
    virtual void advance(std::vector<TrialNews>& news) = 0;
    /// Why no trial at all can be evaluated here, as one sentence and perhaps what was printed; nothing as long as they
    /// can. What waits then never starts: that is no fault of its configuration, and another worker may be better off.
    [[nodiscard]] virtual std::optional<std::string> hindrance() const { return std::nullopt; }
};

}  // namespace hpogrid::trials
