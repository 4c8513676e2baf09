#pragma once

#include "engine/config/project.hpp"
#include "launchers/jobs/template.hpp"

#include <cstdint>
#include <filesystem>
#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace hpogrid::launchers {

/// What the jobs of a task have in common.
struct JobSettings {
    unsigned jobs{1};
    std::uint64_t seed{0};                    ///< of the first job; each further one has the next
    std::uint64_t wall_time{0};               ///< seconds, 0 = that of the queue
    std::vector<std::string> engine_options;  ///< of hpogrid-engine
    std::filesystem::path search_points;      ///< "" = none
};

/// Seconds of the wall time that are kept back: a tenth of it, one to ten minutes, at most half of it.
[[nodiscard]] std::uint64_t reserved_time(std::uint64_t wall_time) noexcept;

/// What a batch system starts.
struct JobScript {
    std::string name;                             ///< of its file
    std::string_view text;                        ///< a template
    std::map<std::string, TemplateValue> values;  ///< beyond those that follow from project and settings
};

/// Writes what a job needs below `folder`, which comes to be: `hpogrid/` with the job script, `job-library`,
/// `run-engine` and the project. Throws InputError, OutputError.
void write_job_package(const std::filesystem::path& folder, const config::Project& project, const JobSettings& settings,
                       JobScript script);

}  // namespace hpogrid::launchers
