#pragma once

#include "engine/trials/evaluator.hpp"
#include "engine/trials/evaluator_spec.hpp"

#include <memory>

namespace hpogrid::trials {

/// Runs a Python function or class, one process an attempt: forked from a process that has imported the script, or a
/// fresh interpreter where that is unsafe.
[[nodiscard]] std::unique_ptr<Evaluator> make_python_evaluator(PythonScript script, Surroundings surroundings);

}  // namespace hpogrid::trials
