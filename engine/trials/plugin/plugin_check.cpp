#include "engine/trials/plugin/plugin_evaluator.hpp"
#include "engine/trials/process/child_process.hpp"
#include "engine/trials/process/output_pipe.hpp"
#include "engine/trials/trial_environment.hpp"

#include <fmt/format.h>
#include <poll.h>

#include <array>
#include <string_view>
#include <utility>
#include <variant>

namespace hpogrid::trials {
namespace {

constexpr std::size_t longest_quote = 4096;
constexpr int poll_ms = 50;

void keep_last(std::string& end, std::string_view text) {
    end += text;
    if (end.size() > 2 * longest_quote) {
        end.erase(0, end.size() - longest_quote);
    }
}

std::string last_line(std::string_view text) {
    while (text.ends_with('\n')) {
        text.remove_suffix(1);
    }
    return std::string{text.substr(text.rfind('\n') + 1)};
}

std::variant<ChildProcess, SpawnFailure> start_check(const Plugin& plugin, const Surroundings& surroundings,
                                                     int output) {
    SpawnRequest request;
    request.arguments = {plugin_host_program().string(), "--check", plugin.library.string(), plugin.factory};
    request.environment = entries(inherited_environment(), slot_environment(surroundings, SlotId{0}));
    request.working_directory = surroundings.scripts_path;
    request.standard_output = output;
    request.standard_error = output;
    return ChildProcess::spawn(request);
}

}  // namespace

std::optional<std::string> check_plugin(const Plugin& plugin, const Surroundings& surroundings,
                                        std::chrono::seconds patience) {
    OutputPipe output;
    auto spawned = start_check(plugin, surroundings, output.write_end());
    if (auto* failure = std::get_if<SpawnFailure>(&spawned)) {
        return std::move(failure->reason);
    }
    output.close_write_end();
    ChildProcess& process = std::get<ChildProcess>(spawned);
    const auto begin = std::chrono::steady_clock::now();
    std::string said;
    while (std::chrono::steady_clock::now() - begin < patience) {
        const auto exit = process.try_wait();
        output.drain([&](std::string_view text) { keep_last(said, text); });
        if (exit && exit->success()) {
            return std::nullopt;
        }
        if (exit) {
            const bool explained = exit->code == 1 && !said.empty();
            return explained ? last_line(said) : fmt::format("the process that loaded it {}", to_string(*exit));
        }
        std::array<pollfd, 2> descriptors{{{output.descriptor(), POLLIN, 0}, {process.descriptor(), POLLIN, 0}}};
        ::poll(descriptors.data(), descriptors.size(), poll_ms);
    }
    return fmt::format("loading it took longer than {} s", patience.count());
}

}  // namespace hpogrid::trials
