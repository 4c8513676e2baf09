#pragma once

#include "engine/core/ids.hpp"
#include "engine/study/trial.hpp"

#include "kernels/api/random.hpp"

#include <nlohmann/json_fwd.hpp>

#include <cstddef>
#include <filesystem>
#include <functional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace hpogrid::trials {

/// The report that a model made.
struct ModelReport {
    double iteration;    ///< `training_iteration`
    std::string metric;  ///< the objective
    double objective;    ///< its value
};

/// Writes a trained model, as it was when this was made, to its files in a folder, in place of earlier ones; while its
/// trial is in its slot. Throws OutputError.
using ModelWriter = std::function<void(const std::filesystem::path& folder, const ModelReport& made)>;

/// Where a trial is.
struct TrainingProgress {
    int iteration{0};          ///< reports so far, those before a checkpoint included
    bool done{false};          ///< there is nothing left to train, or nothing worth it
    study::Metrics metrics{};  ///< of the last report
    std::string problem{};     ///< why it cannot go on
};

/// What a model may use of the machine.
struct NativeResources {
    int slots;  ///< trials at one time
    int threads;
    std::vector<std::string> gpus{};  ///< UUIDs of those that a trial gets
};

/// Trains the trials of one of the engine's own models, many at once. Single-threaded to its caller.
class NativeModel {
  public:
    NativeModel() = default;
    NativeModel(const NativeModel&) = delete;
    NativeModel& operator=(const NativeModel&) = delete;
    virtual ~NativeModel() = default;

    /// What trials report besides `training_iteration` and `time_total_s`.
    [[nodiscard]] virtual std::vector<std::string_view> metric_names() const = 0;
    /// Hyperparameters that a trial keeps: no checkpoint can go on with others.
    [[nodiscard]] virtual std::span<const std::string_view> lasting() const = 0;
    /// Names of the files that a trained model is written to, in the trial's folder.
    [[nodiscard]] virtual std::vector<std::string_view> file_names() const = 0;
    /// Throws InputError for a configuration that no trial could train with.
    virtual void check(const nlohmann::json& configuration) const = 0;

    /// Begins a trial in a slot that is free.
    /// \param state empty, or what save() gave, perhaps of another trial: goes on from there with this configuration
    /// Throws InputError for a configuration, std::invalid_argument for a state that cannot be used.
    virtual TrainingProgress begin(SlotId slot, const nlohmann::json& configuration, kernels::TrialKey key,
                                   std::span<const std::byte> state) = 0;
    /// Frees the slot.
    virtual void end(SlotId slot) noexcept = 0;
    /// Trains each of these trials up to its next report.
    [[nodiscard]] virtual std::vector<TrainingProgress> train(std::span<const SlotId> slots) = 0;
    /// All that the trial's future depends on.
    [[nodiscard]] virtual std::vector<std::byte> save(SlotId slot) const = 0;
    /// The model as it is now.
    [[nodiscard]] virtual ModelWriter snapshot(SlotId slot) const = 0;
};

}  // namespace hpogrid::trials
