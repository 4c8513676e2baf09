#pragma once

#include "engine/trials/attempt_watch.hpp"
#include "engine/trials/evaluator.hpp"
#include "engine/trials/evaluator_spec.hpp"
#include "engine/trials/native/event_data.hpp"
#include "engine/trials/order_queue.hpp"
#include "engine/trials/report_book.hpp"

#include "kernels/trainer/batch_trainer.hpp"

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

namespace hpogrid::trials {

/// Trials of a native model, many at once, an epoch at a time: after each epoch a trial reports its metrics on the
/// validation part, and may end. Single-threaded to its caller.
class NativeSession {
  public:
    /// Reads the data, then trains with it. A trial that ends leaves its network as `model.h5` in its folder. Throws
    /// InputError.
    NativeSession(const Native& spec, const Surroundings& surroundings);

    /// Takes an order; it starts with the next epoch for which a slot is free.
    void start(TrialOrder order) { waiting_.push(std::move(order)); }
    void stop(TrialId trial, std::uint32_t attempt, StopCause cause, std::vector<TrialNews>& news);
    /// Whether there is something to train.
    [[nodiscard]] bool busy() const;
    /// Fills free slots, trains every running trial for one epoch, and appends what happened.
    void train_epoch(std::vector<TrialNews>& news);

  private:
    struct Running {
        TrialOrder order;
        kernels::BatchTrainer::Trial place;
        int epochs_left;
        ReportBook reports;
        AttemptWatch watch;
    };

    void fill_slots(std::vector<TrialNews>& news);
    [[nodiscard]] std::optional<Running> make_running(TrialOrder order, std::vector<TrialNews>& news);
    void report(Running& trial, const kernels::SlotMetrics& metrics, std::vector<TrialNews>& news);
    /// Writes the network of a trial into its folder: "", or why not.
    [[nodiscard]] std::string save_model(const Running& trial) const;
    /// Ends the trial of a slot if it is done, was asked to stop, or is out of time.
    void end_if_over(std::optional<Running>& slot, std::vector<TrialNews>& news);

    std::filesystem::path trials_folder_;
    std::string metric_;
    TimeLimits limits_;
    std::vector<std::pair<std::string, double>> stop_;
    EventData events_;  ///< without its table, which the trainer has
    kernels::BatchTrainer trainer_;
    std::vector<std::optional<Running>> slots_;
    OrderQueue waiting_;
};

}  // namespace hpogrid::trials
