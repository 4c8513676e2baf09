#include "engine/trials/python/python_host.hpp"

#include <fmt/core.h>
#include <poll.h>

#include <string>

namespace hpogrid::trials {
namespace {

constexpr std::size_t longest_quote = 4096;
constexpr int poll_ms = 50;

/// How the import ended, as an error or nothing; still running: an empty inner optional.
std::optional<std::optional<std::string>> answer(PythonHost& host) {
    std::vector<HostNews> news;
    host.receive(news);
    for (const HostNews& one : news) {
        if (const auto* error = std::get_if<HostImportError>(&one)) {
            return std::optional{error->text};
        }
        if (std::holds_alternative<HostReady>(one)) {
            return std::optional<std::string>{};
        }
    }
    return std::nullopt;
}

}  // namespace

std::optional<std::string> check_python_script(const PythonScript& script, const Surroundings& surroundings,
                                               std::chrono::seconds patience) {
    // Fresh interpreters import nothing until there is a trial, so the check imports as for a fork.
    PythonScript imported = script;
    imported.start = PythonStart::fork;
    PythonHost host{find_python(), imported, surroundings};
    const auto begin = std::chrono::steady_clock::now();
    std::string output;
    while (true) {
        std::vector<pollfd> descriptors;
        host.add_descriptors(descriptors);
        ::poll(descriptors.data(), descriptors.size(), poll_ms);
        host.drain_output([&](std::string_view text) { output += text; });
        if (output.size() > 2 * longest_quote) {
            output.erase(0, output.size() - longest_quote);
        }
        if (auto result = answer(host)) {
            return *result;
        }
        if (const auto exit = host.try_wait(); exit && !host.connected()) {
            return fmt::format("{}: the process that imported it {}\n{}", script.script.string(), to_string(*exit),
                               output);
        }
        if (patience.count() > 0 && std::chrono::steady_clock::now() - begin > patience) {
            return fmt::format("{}: its import took longer than {} s", script.script.string(), patience.count());
        }
    }
}

std::string cannot_be_used(const PythonScript& script, const PythonInstallation& installation,
                           std::string_view problem) {
    return fmt::format("{}: cannot be used with {} (HPOGRID_PYTHON names another one):\n{}", script.script.string(),
                       installation.interpreter.string(), problem);
}

}  // namespace hpogrid::trials
