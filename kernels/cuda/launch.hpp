#pragma once

#include <cuda_runtime_api.h>

#include "kernels/api/plan.hpp"

/// The device's implementation of each kernel. A file each, by the name of its header in api/. What differs between
/// slots is read from the slot table on the device, so that a launch is the same whatever the slots do.
namespace hpogrid::kernels::cuda {

/// Which slots a launch is for, and where it is queued.
struct Launch {
    cudaStream_t stream;
    int first_slot;
    int slots;
};

void run(const Gather& args, const Launch& launch);
void run(const DenseForward& args, const Launch& launch);
void run(const DenseWeightGradient& args, const Launch& launch);
void run(const DenseInputGradient& args, const Launch& launch);
void run(const LayerNormForward& args, const Launch& launch);
void run(const LayerNormBackward& args, const Launch& launch);
void run(const BatchNormForward& args, const Launch& launch);
void run(const BatchNormBackward& args, const Launch& launch);
void run(const Activate& args, const Launch& launch);
void run(const ActivateBackward& args, const Launch& launch);
void run(const LossGradient& args, const Launch& launch);
void run(const StoreLogits& args, const Launch& launch);
void run(const OptimizerStep& args, const Launch& launch);
void run(const Advance& args, const Launch& launch);
void run(const EnterShare& args, const Launch& launch);
void run(const AdvanceInShare& args, const Launch& launch);
void run(const ClearStatistics& args, const Launch& launch);
void run(const FadeStatistics& args, const Launch& launch);
void run(const SumReplicas& args, const Launch& launch);

}  // namespace hpogrid::kernels::cuda
