#pragma once

#include <span>

#include "kernels/trainer/bucket.hpp"

namespace hpogrid::kernels {

/// Trains all slots of buckets that have several replicas through the steps that they were granted: a thread for each
/// device, and for each batch of all slots
///
/// 1. every replica adds up gradients of its share of the batch,
/// 2. every replica sums a piece of them over all replicas, and gives it to all,
/// 3. every replica does the same optimiser step.
///
/// So all replicas have the same weights, bit for bit, at every step. What one throws ends the work of all, then is
/// thrown here; of no use is the training any more.
void train_in_lockstep(std::span<Bucket* const> buckets);

}  // namespace hpogrid::kernels
