#pragma once

#include <span>

#include "kernels/trainer/bucket.hpp"

namespace hpogrid::kernels {

/// Scores what was requested of the buckets' slots: all devices at one time, in a thread each where they are several,
/// every replica its share of the rows. What one throws is thrown here when all have ended.
void validate_in_shares(std::span<const Bucket* const> buckets);

}  // namespace hpogrid::kernels
