#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

namespace hpogrid::launchers {

/// Jobs of one submission as sbatch takes them.
struct SlurmJob {
    std::string name;
    std::filesystem::path package;  ///< absolute; where the jobs start
    unsigned jobs{1};
    unsigned nodes{1};  ///< of each job
    std::vector<std::string> partitions;
    std::uint64_t wall_time{0};               ///< seconds, 0 = that of the partition
    std::vector<std::string> passed_through;  ///< further options, as they are; the last of equal ones counts
};

/// The command line. Several jobs become an array. The log of a job lies beside the package: `job.log`, or
/// `job-<number>.log` in an array. A job that a node's failure ends is queued again, where it goes on.
[[nodiscard]] std::vector<std::string> sbatch_command(const SlurmJob& job);

}  // namespace hpogrid::launchers
