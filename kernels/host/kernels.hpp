#pragma once

#include "kernels/api/plan.hpp"
#include "kernels/host/simd.hpp"

/// The host's implementation of each kernel, for one slot. A file each, by the name of its header in api/.
namespace hpogrid::kernels::host {

void run(const Gather& args, Place place);
void run(const DenseForward& args, Place place);
void run(const DenseWeightGradient& args, Place place);
void run(const DenseInputGradient& args, Place place);
void run(const LayerNormForward& args, Place place);
void run(const LayerNormBackward& args, Place place);
void run(const BatchNormForward& args, Place place);
void run(const BatchNormBackward& args, Place place);
void run(const Activate& args, Place place);
void run(const ActivateBackward& args, Place place);
void run(const LossGradient& args, Place place);
void run(const StoreLogits& args, Place place);
void run(const OptimizerStep& args, Place place);
void run(const ComputeMetrics& args, Place place);
void run(const Advance& args, Place place);
void run(const EnterShare& args, Place place);
void run(const AdvanceInShare& args, Place place);
void run(const ClearStatistics& args, Place place);
void run(const FadeStatistics& args, Place place);
void run(const SumReplicas& args, Place place);

/// The slot's row of the table.
template <class Args>
[[nodiscard]] auto& row_of(const Args& args, Place place) {
    return args.table[static_cast<std::size_t>(place.slot)];
}

/// The slot's own units of a layer.
[[nodiscard]] inline int active_units(const SlotSettings& settings, int layer) {
    return settings.units[static_cast<std::size_t>(layer)];
}

/// The same with padding: beyond this many columns nothing needs to be read or written.
[[nodiscard]] inline int active_columns(const SlotSettings& settings, int layer) {
    return padded(active_units(settings, layer));
}

}  // namespace hpogrid::kernels::host
