#pragma once

#include <memory>
#include <optional>
#include <vector>

#include "kernels/trainer/replica.hpp"
#include "kernels/trainer/slot_state.hpp"

namespace hpogrid::kernels {

/// Slots for networks of one shape, and how they train. Nothing is allocated after construction: a new trial writes a
/// row of the slot table and a slot's weights. On several devices it has a replica on each: between two batches they
/// differ in nothing but the loss of the rows that each has seen.
class Bucket {
  public:
    /// \param devices one or more, the same data on all
    Bucket(std::span<const Device> devices, const NetworkShape& shape, int slots, int micro_batch);
    // Plans point into the arrays.
    Bucket(const Bucket&) = delete;
    Bucket& operator=(const Bucket&) = delete;

    /// A free slot, from now on taken; nothing if there is none.
    [[nodiscard]] std::optional<int> take();
    void free(int slot);

    /// Begins a trial at its first step.
    void start(int slot, const SlotSettings& settings, const Network& network);
    /// Lets a trial do more steps in the next run.
    void grant(int slot, std::int64_t steps);
    /// Changes what a trial trains with; units, seed and progress stay. \throws std::invalid_argument for other units
    void change(int slot, const SlotSettings& settings);
    /// Lets the next run of the validation plans, of all replicas, score the slot.
    void request_validation(int slot);
    /// Turns the scores of a validated slot into metrics.
    [[nodiscard]] SlotMetrics metrics(int slot);
    void clear_training_loss(int slot);

    /// The loss is that of all replicas.
    [[nodiscard]] SlotRow row(int slot) const;
    [[nodiscard]] Network network(int slot) const;
    void set_network(int slot, const Network& network);
    [[nodiscard]] SlotState save(int slot) const;
    /// \throws std::invalid_argument for a state of another shape
    void restore(int slot, const SlotState& state);
    /// Copies weights and what the optimiser keeps from a slot to another with the same units; settings and progress
    /// stay. \throws std::invalid_argument for other units
    void copy_weights(int from, int to);

    [[nodiscard]] const NetworkShape& shape() const { return first().arrays.shape; }
    [[nodiscard]] std::span<const std::unique_ptr<Replica>> replicas() const { return replicas_; }

  private:
    [[nodiscard]] static std::size_t index(int slot) { return static_cast<std::size_t>(slot); }
    [[nodiscard]] const Replica& first() const { return *replicas_.front(); }
    [[nodiscard]] std::size_t parameters() const { return first().arrays.layout.size(); }
    [[nodiscard]] std::size_t first_parameter(int slot) const { return index(slot) * parameters(); }
    [[nodiscard]] const Fold& fold_of(const SlotRow& row) const { return data_->folds()[index(row.settings.fold)]; }
    void write_row(int slot, SlotRow row);
    void write_parameters(int slot, std::span<const float> parameters, std::span<const float> first_moments,
                          std::span<const float> second_moments);

    const DataSet* data_;
    std::vector<std::unique_ptr<Replica>> replicas_;  ///< plans are known to devices by where they are
    std::vector<bool> taken_;
    std::vector<float> zeros_;  ///< [parameter]
};

}  // namespace hpogrid::kernels
