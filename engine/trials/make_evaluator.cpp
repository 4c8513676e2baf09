#include "engine/trials/make_evaluator.hpp"

#include "engine/core/overloaded.hpp"
#include "engine/trials/command/command_evaluator.hpp"
#include "engine/trials/native/native_evaluator.hpp"
#include "engine/trials/plugin/plugin_evaluator.hpp"
#include "engine/trials/python/python_evaluator.hpp"

#include <utility>

namespace hpogrid::trials {

std::unique_ptr<Evaluator> make_evaluator(const EvaluatorSpec& spec, Surroundings surroundings) {
    return std::visit(
        Overloaded{
            [&](const PythonScript& script) { return make_python_evaluator(script, std::move(surroundings)); },
            [&](const Command& command) { return make_command_evaluator(command, std::move(surroundings)); },
            [&](const Native& native) { return make_native_evaluator(native, surroundings); },
            [&](const Plugin& plugin) { return make_plugin_evaluator(plugin, std::move(surroundings)); },
        },
        spec);
}

}  // namespace hpogrid::trials
