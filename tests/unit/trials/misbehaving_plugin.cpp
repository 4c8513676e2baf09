// A plug-in whose trials do what their hyperparameter `deed` says.

#include "hpogrid_plugin.hpp"

#include <sys/resource.h>
#include <unistd.h>

#include <chrono>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <functional>
#include <iostream>
#include <limits>
#include <map>
#include <stdexcept>
#include <string>
#include <thread>
#include <vector>

namespace {

using hpogrid::plugin::Configuration;
using hpogrid::plugin::Reporter;

[[noreturn]] void wait_forever() {
    for (;;) {
        ::pause();
    }
}

void no_core_dump() {
    const rlimit none{0, 0};
    ::setrlimit(RLIMIT_CORE, &none);
}

void report_until_stopped(Reporter& reporter) {
    for (;;) {
        reporter.report({{"loss", 1.0}});
        std::this_thread::sleep_for(std::chrono::milliseconds{5});
    }
}

void leave_children() {
    for (const bool daemon : {false, true}) {
        if (::fork() == 0) {
            if (daemon) {
                ::setsid();
                if (::fork() != 0) {
                    ::_exit(0);
                }
            }
            ::execl("/bin/sleep", "sleep", "1000", nullptr);
            ::_exit(1);
        }
    }
}

void allocate() {
    const rlimit limit{1U << 30, 1U << 30};
    ::setrlimit(RLIMIT_AS, &limit);
    std::vector<std::vector<char>> all;
    for (;;) {
        all.emplace_back(std::size_t{64} << 20, 'x');
    }
}

void train(const Configuration& configuration, Reporter& reporter) {
    const auto deed = configuration.get<std::string>("deed", "report");
    const std::map<std::string, std::function<void()>> deeds{
        {"report",
         [&] {
             reporter.report({{"loss", configuration.get<double>("lr", 0.5)}});
         }},
        {"nothing", [] {}},
        {"nan",
         [&] {
             reporter.report({{"loss", std::numeric_limits<double>::quiet_NaN()}});
         }},
        {"throw", [] { throw std::runtime_error{"no \"convergence\""}; }},
        {"throw 3", [] { throw 3; }},
        {"exit", [] { std::exit(0); }},
        {"crash",
         [] {
             no_core_dump();
             std::puts("about to crash");
             std::signal(SIGSEGV, SIG_DFL);
             std::raise(SIGSEGV);
         }},
        {"hang",
         [&] {
             reporter.report({{"loss", 1.0}});
             wait_forever();
         }},
        {"until stopped", [&] { report_until_stopped(reporter); }},
        {"children",
         [&] {
             leave_children();
             reporter.report({{"loss", 1.0}});
         }},
        {"print",
         [&] {
             std::cout << "printed by " << reporter.trial() << '\n';
             reporter.report({{"loss", 1.0}});
         }},
        {"file",
         [&] {
             std::ofstream{reporter.folder() + "/model.txt"} << "x";
             reporter.report({{"loss", 1.0}});
         }},
        {"allocate", allocate},
        {"sleep",
         [&] {
             std::this_thread::sleep_for(std::chrono::milliseconds{50});
             reporter.report({{"loss", 1.0}});
         }},
        {"types",
         [&] {
             if (configuration.get<bool>("flag") && configuration.get<std::string>("list") == "[1,2]" &&
                 configuration.get<int>("count") == -3 && configuration.get<double>("count") == -3.0) {
                 reporter.report({{"loss", static_cast<double>(reporter.seed())}});
             }
             (void)configuration.get<unsigned>("count");
         }},
    };
    deeds.at(deed)();
}

}  // namespace

HPOGRID_PLUGIN(misbehaving, train)

extern "C" const hpogrid_plugin* hpogrid_plugin_without_train(void) {
    static const hpogrid_plugin plugin{sizeof(hpogrid_plugin), HPOGRID_PLUGIN_ABI, nullptr, nullptr, nullptr};
    return &plugin;
}

extern "C" const hpogrid_plugin* hpogrid_plugin_crashes_at_start(void) {
    no_core_dump();
    std::signal(SIGSEGV, SIG_DFL);
    std::raise(SIGSEGV);
    return nullptr;
}
