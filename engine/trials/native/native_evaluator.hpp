#pragma once

#include "engine/trials/evaluator.hpp"
#include "engine/trials/evaluator_spec.hpp"

#include <memory>

namespace hpogrid::trials {

/// Trains native models in a thread beside the worker's loop; it is the one evaluator whose trials are no processes,
/// since no user code is in them. A trial that is stopped ends with its next report. Throws InputError for data that
/// cannot be used.
[[nodiscard]] std::unique_ptr<Evaluator> make_native_evaluator(const Native& spec, const Surroundings& surroundings);

}  // namespace hpogrid::trials
