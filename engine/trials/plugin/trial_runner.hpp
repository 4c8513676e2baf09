#pragma once

#include "engine/trials/plugin/hpogrid_plugin.h"
#include "engine/trials/plugin/order_reader.hpp"
#include "engine/trials/process/process_tree.hpp"

#include <nlohmann/json.hpp>
#include <span>
#include <string>
#include <vector>

namespace hpogrid::trials::plugin {

/// Runs the plug-in's training function for one order after the other, and writes what it reports to the worker.
class TrialRunner {
  public:
    /// `plugin` outlives this object. Throws std::runtime_error when the plug-in refuses to start.
    TrialRunner(const hpogrid_plugin& plugin, int socket);
    TrialRunner(const TrialRunner&) = delete;
    TrialRunner& operator=(const TrialRunner&) = delete;
    ~TrialRunner();

    /// Returns when the worker has gone.
    void run();

  private:
    void run_trial(const nlohmann::json& order);
    [[nodiscard]] int call_train(const hpogrid_trial& trial);
    void clean_up();
    void say(std::string_view line);

    int report(std::span<const hpogrid_metric> metrics);
    [[nodiscard]] int should_stop();
    [[nodiscard]] const char* make_folder();

    const hpogrid_plugin& plugin_;
    int socket_;
    OrderReader orders_;
    void* instance_{nullptr};
    ProcessTree tree_;
    std::uint32_t trial_{0};
    std::uint32_t attempt_{0};
    std::string folder_;
    std::vector<char> error_;
};

}  // namespace hpogrid::trials::plugin
