#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>

namespace hpogrid::program {

enum class ProgressStyle { automatic, plain, none };

/// What is told on standard error; each level tells what those after it tell.
enum class LogLevel : std::uint8_t {
    debug,    ///< every start and end of a trial
    info,     ///< workers that join
    warning,  ///< trials that fail, workers that are lost
    error,
};

/// The command line of hpogrid-engine. A missing option leaves the project's own value.
struct CommandLine {
    std::filesystem::path project;
    std::filesystem::path output{"results.h5"};
    bool resume{false};
    bool overwrite{false};
    bool dry_run{false};
    std::optional<std::size_t> trials;
    std::optional<double> time_budget;
    std::optional<double> grace;
    std::optional<std::uint64_t> seed;
    std::optional<std::filesystem::path> search_points;
    std::optional<unsigned> slots_per_gpu;
    std::optional<unsigned> gpus_per_trial;
    std::optional<double> trial_timeout;
    std::optional<std::uint32_t> retries;
    ProgressStyle progress{ProgressStyle::automatic};
    LogLevel log_level{LogLevel::info};
};

/// What to do instead of running: print this text and exit with this status.
struct PrintAndExit {
    std::string text;
    int status{0};
    bool by_every_rank{false};  ///< it tells of the rank's own machine
};

/// Parses the arguments. Answers a text for --help, --version, --describe (status 0) and for errors (status 2).
struct ParsedCommandLine {
    CommandLine command_line;
    std::optional<PrintAndExit> instead;
};
[[nodiscard]] ParsedCommandLine parse_command_line(int argument_count, const char* const* arguments);

}  // namespace hpogrid::program
