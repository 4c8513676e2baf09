#pragma once

#include "engine/trials/evaluator.hpp"
#include "engine/trials/evaluator_spec.hpp"
#include "engine/trials/native/native_model.hpp"

#include <string>

namespace hpogrid::trials {

/// Tries the names of hyperparameters and of the metric, and the values that are the same for all trials, on the model
/// with its data. Throws InputError.
void check_model(const Native& spec, const NativeModel& model, const std::string& metric);

/// What of that can be known before anybody has read the rows of the data, and whether the files have the columns.
/// Throws InputError. Rank 0 does this: with the rows it would hold in memory, and read from the disk, what one worker
/// of each node reads anyway.
void check_native(const Native& spec, const Surroundings& surroundings);

}  // namespace hpogrid::trials
