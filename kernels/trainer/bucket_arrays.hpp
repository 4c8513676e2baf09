#pragma once

#include "kernels/api/metrics.hpp"
#include "kernels/trainer/data_set.hpp"
#include "kernels/trainer/network.hpp"

namespace hpogrid::kernels {

/// All memory of a bucket. Allocated once: slots are refilled by writing rows and weights.
struct BucketArrays {
    BucketArrays(Backend& backend, const DataSet& data, const NetworkShape& shape, int slots, int micro_batch);

    /// Of one lane and layer.
    [[nodiscard]] int norm_scales_size() const {
        return shape.normalization == Normalization::batch ? shape.width : micro_batch;
    }

    NetworkShape shape;
    ParameterLayout layout;
    int slots;
    int lanes;
    int micro_batch;
    int most_validation_rows;

    // What lasts: [slot]…
    DeviceArray<SlotRow> table;
    DeviceArray<float> parameters;
    DeviceArray<float> gradients;
    DeviceArray<float> first_moments;
    DeviceArray<float> second_moments;
    DeviceArray<float> validation_logits;
    DeviceArray<SlotMetrics> metrics;

    // Working memory: [lane]…
    DeviceArray<std::uint32_t> rows;
    DeviceArray<float> inputs;
    DeviceArray<float> labels;
    DeviceArray<float> weights;
    DeviceArray<float> logits;
    std::vector<DeviceArray<float>> activations;  ///< [hidden layer]
    std::vector<DeviceArray<float>> derivatives;  ///< [hidden layer]
    std::vector<DeviceArray<float>> normalized;   ///< [hidden layer], with normalisation
    std::vector<DeviceArray<float>> norm_scales;  ///< [hidden layer], likewise: of each row or unit
    DeviceArray<float> unit_gradients[2];         ///< layers take turns
    DeviceArray<std::uint32_t> orders;
};

/// Gather, forward, loss, backward, optimiser.
[[nodiscard]] Plan training_plan(const BucketArrays& arrays, const DataSet& data);
/// The same for one of several replicas, without the optimiser: up to the end of its share of the batch.
[[nodiscard]] Plan share_plan(const BucketArrays& arrays, const DataSet& data, const BatchShare& share);
/// For one of several replicas, before the first batch.
[[nodiscard]] Plan enter_plan(const BucketArrays& arrays, const DataSet& data, const BatchShare& share);
/// For one of several replicas, when gradients and running statistics have been summed: optimiser, and on to the next
/// batch.
[[nodiscard]] Plan step_plan(const BucketArrays& arrays, const DataSet& data, const BatchShare& share);
/// Gather, forward, scores. \param ends [fold] where to stop, on the device
[[nodiscard]] Plan validation_plan(const BucketArrays& arrays, const DataSet& data, std::span<const int> ends);
/// Scores to metrics.
[[nodiscard]] ComputeMetrics metrics_kernel(const BucketArrays& arrays, const DataSet& data);

}  // namespace hpogrid::kernels
