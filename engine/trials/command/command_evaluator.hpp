#pragma once

#include "engine/trials/evaluator.hpp"
#include "engine/trials/evaluator_spec.hpp"

#include <memory>

namespace hpogrid::trials {

/// Runs an executable for each attempt. It finds its configuration in the JSON file that HPOGRID_CONFIG names, and its
/// arguments' placeholders replaced. Each line of its standard output that is a JSON object with a number in it is a
/// report; every other line, and standard error, goes to the log. The result file, if there is one, is a last report.
/// Throws InputError for an unknown placeholder or a program that is not there.
[[nodiscard]] std::unique_ptr<Evaluator> make_command_evaluator(Command command, Surroundings surroundings);

}  // namespace hpogrid::trials
