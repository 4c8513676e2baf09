#pragma once

#include "engine/trials/attempt_watch.hpp"
#include "engine/trials/evaluator.hpp"
#include "engine/trials/native/best_model.hpp"
#include "engine/trials/native/native_checkpoint.hpp"
#include "engine/trials/native/native_model.hpp"
#include "engine/trials/report_book.hpp"

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

namespace hpogrid::trials {

/// One attempt of a trial in a slot of a native model.
class NativeTrial {
  public:
    /// Begins to train, or goes on from the order's checkpoint. Throws InputError or std::invalid_argument for a
    /// configuration or a checkpoint that cannot be used. `surroundings` and `model` must outlive this.
    NativeTrial(const Surroundings& surroundings, NativeModel& model, SlotId slot, TrialOrder order);
    NativeTrial(const NativeTrial&) = delete;
    NativeTrial& operator=(const NativeTrial&) = delete;
    /// Frees the slot.
    ~NativeTrial() { model_.end(slot_); }

    [[nodiscard]] const TrialOrder& order() const noexcept { return order_; }
    [[nodiscard]] SlotId slot() const noexcept { return slot_; }
    /// Whether it is to be trained on: not while it waits at its milestone.
    [[nodiscard]] bool trains() const noexcept { return !waits_ && !done_; }

    /// What came of training it: reports, and saves a checkpoint where one is due.
    void take(TrainingProgress progress, std::vector<TrialNews>& news);
    void proceed(double milestone) noexcept;
    /// Ends with the next checkpoint; at once if it waits with one.
    void leave();
    void request_stop(StopCause cause) noexcept { watch_.request_stop(cause); }
    /// If it is done, was asked to stop or is out of time, appends its end and answers true.
    [[nodiscard]] bool ends(std::vector<TrialNews>& news);

  private:
    using Clock = std::chrono::steady_clock;

    NativeTrial(const Surroundings& surroundings, NativeModel& model, SlotId slot, TrialOrder order,
                const NativeCheckpoint* from);
    /// Of the report, by the name that milestones are about.
    [[nodiscard]] double time_of(const study::Report& report) const;
    [[nodiscard]] bool reaches_limit(const study::Report& report) const;
    /// Before its report: what it belongs to must not be known without it.
    void save(const study::Report& report, std::vector<TrialNews>& news);

    const Surroundings& surroundings_;
    NativeModel& model_;
    SlotId slot_;
    TrialOrder order_;
    double started_;  ///< wall clock, earlier attempts counted as if they had been just before
    ReportBook reports_;
    AttemptWatch watch_;
    BestModel best_;
    Clock::time_point saved_at_;
    std::uint32_t checkpoints_{0};
    double milestone_;
    bool waits_{false};  ///< at its milestone, for a decision
    bool leaving_{false};
    bool done_{false};
    std::string problem_;  ///< why it fails
};

}  // namespace hpogrid::trials
