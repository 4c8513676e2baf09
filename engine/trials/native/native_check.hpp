#pragma once

#include "engine/trials/evaluator.hpp"
#include "engine/trials/evaluator_spec.hpp"

#include <string>
#include <vector>

namespace hpogrid::trials {

/// Names of hyperparameters.
struct Hyperparameters {
    std::vector<std::string> searched;  ///< in the search space
    std::vector<std::string> changing;  ///< those that the scheduler changes while a trial trains
};

/// What can be known before the first trial of a native model: reads its data, and tries the names of hyperparameters
/// and of the metric, and the values that are the same for all trials. Throws InputError.
void check_native(const Native& spec, const Surroundings& surroundings, const Hyperparameters& names);

}  // namespace hpogrid::trials
