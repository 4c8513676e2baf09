// hpogrid-plugin-host LIBRARY FACTORY: loads a plug-in and runs the trials that its worker sends on descriptor 3.
// hpogrid-plugin-host --check LIBRARY FACTORY: loads it only; exit status 1 and a line on standard error say why it
// cannot.

#include "engine/trials/plugin/trial_runner.hpp"

#include <dlfcn.h>
#include <fcntl.h>
#include <fmt/format.h>
#include <sys/socket.h>

#include <cstdio>
#include <exception>
#include <nlohmann/json.hpp>
#include <stdexcept>
#include <string>
#include <string_view>

namespace {

constexpr int worker_socket = 3;

const hpogrid_plugin& load(const std::string& path, const std::string& name) {
    void* library = ::dlopen(path.c_str(), RTLD_NOW | RTLD_LOCAL);
    if (library == nullptr) {
        throw std::runtime_error{fmt::format("the plug-in cannot be loaded: {}", ::dlerror())};
    }
    const std::string symbol = "hpogrid_plugin_" + name;
    const auto factory = reinterpret_cast<hpogrid_plugin_factory>(::dlsym(library, symbol.c_str()));
    if (factory == nullptr) {
        throw std::runtime_error{fmt::format("{}: has no factory '{}' (no exported symbol {})", path, name, symbol)};
    }
    const hpogrid_plugin* plugin = factory();
    if (plugin == nullptr || plugin->size < sizeof(hpogrid_plugin) || plugin->abi != HPOGRID_PLUGIN_ABI ||
        plugin->train == nullptr) {
        throw std::runtime_error{fmt::format("{}: factory '{}' gives no plug-in of interface version {}", path, name,
                                             int{HPOGRID_PLUGIN_ABI})};
    }
    return *plugin;
}

int check(const std::string& path, const std::string& name) {
    try {
        static_cast<void>(load(path, name));
        return 0;
    } catch (const std::exception& error) {
        fmt::print(stderr, "\n{}\n", error.what());
        return 1;
    }
}

}  // namespace

int main(int argument_count, char** arguments) {
    if (argument_count == 4 && arguments[1] == std::string_view{"--check"}) {
        return check(arguments[2], arguments[3]);
    }
    if (argument_count != 3) {
        std::fputs("usage: hpogrid-plugin-host [--check] LIBRARY FACTORY\nStarted by hpogrid-engine, not by hand.\n",
                   stderr);
        return 2;
    }
    ::fcntl(worker_socket, F_SETFD, FD_CLOEXEC);  // processes that the plug-in starts are not to hold it open
    // Output is read while it is written, and a crash must not lose a buffer of it.
    std::setvbuf(stdout, nullptr, _IOLBF, BUFSIZ);
    try {
        hpogrid::trials::plugin::TrialRunner runner{load(arguments[1], arguments[2]), worker_socket};
        runner.run();
        return 0;
    } catch (const std::exception& error) {
        const std::string line =
            nlohmann::json{{"fatal", error.what()}}.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace) +
            "\n";
        ::send(worker_socket, line.data(), line.size(), MSG_NOSIGNAL);
        return 1;
    }
}
