#pragma once

#include "engine/trials/evaluator.hpp"
#include "engine/trials/evaluator_spec.hpp"

#include <chrono>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>

namespace hpogrid::trials {

/// Runs trials in a C++ plug-in (plugin/hpogrid_plugin.h), one host process a slot, one trial after the other. A crash
/// ends the running trial only: a new host takes over the others. Short trials are sent to the host ahead, so that it
/// never waits for the worker. A trial that is to end is asked first (its next report says so), then its host is ended.
[[nodiscard]] std::unique_ptr<Evaluator> make_plugin_evaluator(Plugin plugin, Surroundings surroundings);

/// Loads the plug-in in a process of its own and looks for the factory. Nothing if both are fine, else why not, one
/// line. Waits, at most `patience`. Throws InputError when there is no host program.
[[nodiscard]] std::optional<std::string> check_plugin(const Plugin& plugin, const Surroundings& surroundings,
                                                      std::chrono::seconds patience);

/// $HPOGRID_PLUGIN_HOST, else hpogrid-plugin-host in the folder of the running program or in ../bin or ../libexec
/// beside it. Throws InputError when it is not there.
[[nodiscard]] std::filesystem::path plugin_host_program();

}  // namespace hpogrid::trials
