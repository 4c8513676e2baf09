#pragma once

#include <span>
#include <variant>
#include <vector>

#include "kernels/api/activation.hpp"
#include "kernels/api/advance.hpp"
#include "kernels/api/batch_norm.hpp"
#include "kernels/api/batch_share.hpp"
#include "kernels/api/dense.hpp"
#include "kernels/api/gather.hpp"
#include "kernels/api/layer_norm.hpp"
#include "kernels/api/loss.hpp"
#include "kernels/api/metrics.hpp"
#include "kernels/api/optimizer_step.hpp"

namespace hpogrid::kernels {

using Kernel =
    std::variant<Gather, DenseForward, LayerNormForward, BatchNormForward, Activate, LossGradient, DenseWeightGradient,
                 DenseInputGradient, ActivateBackward, LayerNormBackward, BatchNormBackward, OptimizerStep, StoreLogits,
                 ComputeMetrics, Advance, EnterShare, AdvanceInShare, ClearStatistics, FadeStatistics, SumReplicas>;

/// What happens to every slot of a bucket in one micro-batch, or at the end of a batch: a fixed list of kernels with
/// fixed arguments. Everything that differs between slots, or changes from one micro-batch to the next, is in the slot
/// table.
struct Plan {
    std::span<const SlotRow> table;  ///< [slot]
    Phase phase{Phase::training};
    std::vector<Kernel> kernels;
};

}  // namespace hpogrid::kernels
