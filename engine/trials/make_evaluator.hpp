#pragma once

#include "engine/trials/evaluator.hpp"
#include "engine/trials/evaluator_spec.hpp"

#include <memory>

namespace hpogrid::trials {

/// The evaluator of one worker. Throws InputError when the specification cannot work: no such program, an unknown
/// placeholder.
[[nodiscard]] std::unique_ptr<Evaluator> make_evaluator(const EvaluatorSpec& spec, Surroundings surroundings);

}  // namespace hpogrid::trials
