#pragma once

#include "engine/trials/evaluator.hpp"
#include "engine/trials/evaluator_spec.hpp"

#include <filesystem>
#include <memory>

namespace hpogrid::trials {

/// Runs trials in a C++ plug-in (plugin/hpogrid_plugin.h), one host process a slot, one trial after the other. A crash
/// ends the running trial only: a new host takes over the others. Short trials are sent to the host ahead, so that it
/// never waits for the worker. A trial that is to end is asked first (its next report says so), then its host is ended.
[[nodiscard]] std::unique_ptr<Evaluator> make_plugin_evaluator(Plugin plugin, Surroundings surroundings);

/// $HPOGRID_PLUGIN_HOST, else hpogrid-plugin-host in the folder of the running program or in ../bin or ../libexec
/// beside it. Throws InputError when it is not there.
[[nodiscard]] std::filesystem::path plugin_host_program();

}  // namespace hpogrid::trials
