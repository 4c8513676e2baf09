#include "engine/trials/plugin/plugin_evaluator.hpp"

#include "engine/core/environment.hpp"
#include "engine/core/error.hpp"
#include "engine/core/find_program.hpp"
#include "engine/trials/order_queue.hpp"
#include "engine/trials/plugin/plugin_slot.hpp"

#include <fmt/core.h>
#include <unistd.h>

#include <algorithm>
#include <iterator>
#include <utility>

namespace hpogrid::trials {
namespace {

class PluginEvaluator final : public Evaluator {
  public:
    explicit PluginEvaluator(PluginPlan plan) : plan_{std::move(plan)} {
        const unsigned slots = std::max(1U, plan_.surroundings.slots);
        for (unsigned i = 0; i < slots; ++i) {
            slots_.push_back(std::make_unique<PluginSlot>(plan_, tree_, SlotId{i}));
        }
    }

    void start(TrialOrder order) override {
        waiting_.push(std::move(order));
        fill_slots(unreported_);
    }

    void stop(TrialId trial, std::uint32_t attempt, StopCause cause) override {
        for (const auto& slot : slots_) {
            if (slot->stop(trial, attempt, cause, unreported_)) {
                return;
            }
        }
        waiting_.stop(trial, attempt, cause, unreported_);
    }

    void add_descriptors(std::vector<pollfd>& descriptors) const override {
        for (const auto& slot : slots_) {
            slot->add_descriptors(descriptors);
        }
    }

    void advance(std::vector<TrialNews>& news) override {
        std::move(unreported_.begin(), unreported_.end(), std::back_inserter(news));
        unreported_.clear();
        for (const auto& slot : slots_) {
            slot->advance(news);
        }
        fill_slots(news);
    }

  private:
    /// Idle slots first; what still waits then is spread over the slots whose trials are short.
    void fill_slots(std::vector<TrialNews>& news) {
        for (const auto& slot : slots_) {
            if (slot->idle()) {
                hand_out(*slot, news);
            }
        }
        bool any_room = true;
        while (any_room && !waiting_.empty()) {
            any_room = false;
            for (const auto& slot : slots_) {
                any_room = (slot->has_room() && hand_out(*slot, news)) || any_room;
            }
        }
    }

    bool hand_out(PluginSlot& slot, std::vector<TrialNews>& news) {
        auto order = waiting_.pop();
        if (order) {
            slot.take(std::move(*order), news);
        }
        return order.has_value();
    }

    PluginPlan plan_;
    ProcessTree tree_;
    std::vector<std::unique_ptr<PluginSlot>> slots_;
    OrderQueue waiting_;
    std::vector<TrialNews> unreported_;
};

}  // namespace

std::filesystem::path plugin_host_program() {
    if (const std::string named = environment_variable("HPOGRID_PLUGIN_HOST"); !named.empty()) {
        if (std::filesystem::path program = find_program(named); !program.empty()) {
            return program;
        }
        throw InputError{
            fmt::format("environment variable HPOGRID_PLUGIN_HOST is '{}' (no such executable), allowed: the "
                        "path of hpogrid-plugin-host",
                        named)};
    }
    std::error_code error;
    const std::filesystem::path folder = std::filesystem::read_symlink("/proc/self/exe", error).parent_path();
    for (const std::filesystem::path& candidate : {folder, folder / "../bin", folder / "../libexec"}) {
        const std::filesystem::path program = candidate / "hpogrid-plugin-host";
        if (::access(program.c_str(), X_OK) == 0) {
            return program;
        }
    }
    throw InputError{
        fmt::format("hpogrid-plugin-host is not beside the running program in {}; set HPOGRID_PLUGIN_HOST to "
                    "its path",
                    folder.string())};
}

std::unique_ptr<Evaluator> make_plugin_evaluator(Plugin plugin, Surroundings surroundings) {
    if (!std::filesystem::is_regular_file(plugin.library)) {
        throw InputError{fmt::format("model_config: key 'script' is '{}' (no such file), allowed: a shared library",
                                     plugin.library.string())};
    }
    plugin.library = std::filesystem::absolute(plugin.library);  // dlopen() would search the system for a bare name
    surroundings.trials_folder = std::filesystem::absolute(surroundings.trials_folder);
    return std::make_unique<PluginEvaluator>(
        PluginPlan{std::move(plugin), plugin_host_program(), std::move(surroundings), inherited_environment(), {}});
}

}  // namespace hpogrid::trials
