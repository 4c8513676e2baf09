#pragma once

#include "engine/trials/evaluator.hpp"
#include "engine/trials/evaluator_spec.hpp"

#include <span>
#include <string>

namespace hpogrid::trials {

/// What can be known before the first trial of a native model: reads its data, and tries the names of hyperparameters
/// and of the metric, and the values that are the same for all trials. \param searched names in the search space
/// Throws InputError.
void check_native(const Native& spec, const Surroundings& surroundings, std::span<const std::string> searched);

}  // namespace hpogrid::trials
