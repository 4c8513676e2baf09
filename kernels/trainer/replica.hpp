#pragma once

#include "kernels/trainer/bucket_arrays.hpp"

namespace hpogrid::kernels {

/// A device, and the data on it. Both must outlive what is made for it.
struct Device {
    Backend* backend;
    const DataSet* data;
};

/// What a bucket has on one of its devices: memory, and plans that point into it.
struct Replica {
    /// \param share which of how many replicas this is
    Replica(const Device& device, const NetworkShape& shape, int slots, int micro_batch, BatchShare share);
    Replica(const Replica&) = delete;
    Replica& operator=(const Replica&) = delete;

    Backend* backend;
    BucketArrays arrays;
    Plan training;                     ///< one replica: all batches; one of several: its share of a batch
    Plan enter;                        ///< of one of several: before the first batch
    Plan step;                         ///< likewise: from the end of a batch to the next one
    BatchShare validation_share;       ///< which validation rows it scores, in whole micro-batches
    DeviceArray<int> validation_ends;  ///< [fold], where they end
    Plan validation;
    ComputeMetrics metrics;
    DeviceArray<float> parts;  ///< of one of several: working memory of sum_replicas(), [replica][element]
};

/// Of all rows that validate in a fold, those that the replica scores.
[[nodiscard]] RowRange validation_rows(const Replica& replica, const Fold& fold);
/// Gives the scores of a slot that the other replicas have made to the first one.
void gather_scores(std::span<const std::unique_ptr<Replica>> replicas, const Fold& fold, int slot);

/// A piece of the gradients and the running statistics of a slot: sums it over the replicas, in their order, for all of
/// them. Every replica sums another piece, all at one time, while nobody else touches these arrays.
void sum_piece(std::span<const std::unique_ptr<Replica>> replicas, int piece, int slot);

}  // namespace hpogrid::kernels
