#include "launchers/slurm/sbatch_command.hpp"

#include "launchers/jobs/job_package.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

namespace hpogrid::launchers {
namespace {

/// Slurm counts whole minutes, and rounds up.
std::string duration(std::uint64_t seconds) {
    return fmt::format("{}:{:02}:{:02}", seconds / 3600, seconds / 60 % 60, seconds % 60);
}

/// Seconds before the end at which Slurm sends SIGTERM. The engine has stopped by itself before, unless the clock of
/// the job began to run late; half of the reserve is left for what is to be written then.
std::uint64_t notice(std::uint64_t wall_time) {
    constexpr std::uint64_t most = 65535;  // sbatch(1)
    return std::clamp<std::uint64_t>(reserved_time(wall_time) / 2, 1, most);
}

/// Slurm would take a '%' of the path, also of a relative one's folder, for a place to fill in.
std::string log_pattern(const SlurmJob& job) {
    std::string pattern;
    for (const char character : job.package.parent_path().string()) {
        pattern += character == '%' ? std::string{"%%"} : std::string{character};
    }
    return pattern + (job.jobs == 1 ? "/job.log" : "/job-%a.log");
}

}  // namespace

std::vector<std::string> sbatch_command(const SlurmJob& job) {
    std::vector<std::string> words{"sbatch", "--parsable"};
    const auto add = [&](std::string_view option, const std::string& value) {
        words.push_back(fmt::format("--{}={}", option, value));
    };
    add("job-name", job.name);
    add("chdir", job.package.string());
    add("output", log_pattern(job));
    add("open-mode", "append");
    words.emplace_back("--requeue");
    if (job.jobs > 1) {
        add("array", fmt::format("1-{}", job.jobs));
    }
    add("nodes", fmt::format("{}", job.nodes));
    if (!job.partitions.empty()) {
        add("partition", fmt::format("{}", fmt::join(job.partitions, ",")));
    }
    if (job.wall_time > 0) {
        add("time", duration(job.wall_time));
        add("signal", fmt::format("B:TERM@{}", notice(job.wall_time)));
    }
    words.insert(words.end(), job.passed_through.begin(), job.passed_through.end());
    words.push_back((job.package / "hpogrid/slurm-job").string());
    return words;
}

}  // namespace hpogrid::launchers
