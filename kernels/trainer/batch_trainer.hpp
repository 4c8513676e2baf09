#pragma once

#include <map>
#include <memory>
#include <optional>
#include <span>
#include <vector>

#include "kernels/trainer/bucket.hpp"
#include "kernels/trainer/trial_settings.hpp"

namespace hpogrid::kernels {

/// Trains many small fully connected networks at once on one device, each with its own hyperparameters. A trial's
/// result depends on its settings, its key and the data only, not on the slots around it.
///
/// On several devices, each takes a share of every batch of every trial: for networks that are large. A result is that
/// of one device up to the rounding of sums, and bit for bit the same for one number of devices. Checkpoints go from
/// any number to any other.
///
///     BatchTrainer trainer{make_host_backend(), table, single_split(table.rows(), 1000)};
///     const auto trial = trainer.start(settings);
///     trainer.grant_epochs(*trial, 1);
///     trainer.train();
///     const SlotMetrics metrics = trainer.validate(*trial);
class BatchTrainer {
  public:
    struct Options {
        int slots_per_bucket{32};
        /// Most rows that go through a network at once. A batch that is larger is made of several, a smaller one is
        /// one. Sums are ordered by it: results are bitwise comparable for one size only.
        int micro_batch{256};
    };
    /// A running trial's place.
    struct Trial {
        Bucket* bucket;
        int slot;
    };

    /// \throws std::invalid_argument from DataSet, or for options below 1
    BatchTrainer(std::unique_ptr<Backend> backend, const Table& table, std::vector<Fold> folds, Options options);
    BatchTrainer(std::unique_ptr<Backend> backend, const Table& table, std::vector<Fold> folds);
    /// \param backends one or more, of one kind
    BatchTrainer(std::vector<std::unique_ptr<Backend>> backends, const Table& table, std::vector<Fold> folds,
                 Options options);
    // Buckets point to the data set.
    BatchTrainer(const BatchTrainer&) = delete;
    BatchTrainer& operator=(const BatchTrainer&) = delete;

    /// Puts a trial into a free slot of its bucket; nothing if all are taken.
    /// \param network what it begins with; by default drawn by its key
    /// \throws std::invalid_argument from check()
    [[nodiscard]] std::optional<Trial> start(const TrialSettings& settings, const Network* network = nullptr);
    /// Puts a saved trial into a free slot of its bucket, where it goes on.
    /// \throws std::invalid_argument for a state that does not fit the data set
    [[nodiscard]] std::optional<Trial> resume(const SlotState& state);
    /// The same with other settings, and for another trial if its key says so.
    /// \throws std::invalid_argument also from check(), and for other units or another fold than the state's
    [[nodiscard]] std::optional<Trial> resume(SlotState state, const TrialSettings& settings);
    void stop(Trial trial) { trial.bucket->free(trial.slot); }

    void grant_steps(Trial trial, std::int64_t steps) { trial.bucket->grant(trial.slot, steps); }
    /// As many steps as take it to the end of its epoch, `epochs` times.
    void grant_epochs(Trial trial, int epochs);
    /// Returns when all trials have done the steps that they were granted.
    void train();
    /// Metrics of the validation part, in the order of the trials.
    [[nodiscard]] std::vector<SlotMetrics> validate(std::span<const Trial> trials);
    [[nodiscard]] SlotMetrics validate(Trial trial) { return validate({&trial, 1}).front(); }
    /// Weighted mean training loss, dropout included, since this was last asked.
    [[nodiscard]] double take_training_loss(Trial trial);

    [[nodiscard]] const DataSet& data() const { return data_.front(); }
    [[nodiscard]] std::int64_t steps_per_epoch(const SlotSettings& settings) const;

  private:
    [[nodiscard]] Bucket& bucket(const NetworkShape& shape);

    std::vector<std::unique_ptr<Backend>> backends_;
    Options options_;
    std::vector<DataSet> data_;    ///< [device]
    std::vector<Device> devices_;  ///< the same data on each
    std::map<NetworkShape, std::unique_ptr<Bucket>> buckets_;
};

}  // namespace hpogrid::kernels
