#include "launchers/jobs/job_package.hpp"

#include "engine/config/project.hpp"
#include "engine/core/version.hpp"
#include "engine/results/file.hpp"
#include "launchers/configurations/store.hpp"
#include "launchers/core/folders.hpp"
#include "launchers/jobs/job_files.hpp"
#include "launchers/jobs/template.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <span>

namespace hpogrid::launchers {
namespace fs = std::filesystem;
namespace {

void write_text(const fs::path& file, std::string_view text) {
    make_folder(file.parent_path());
    results::replace_file(file, std::as_bytes(std::span{text}));
}

void write_program(const fs::path& file, std::string_view text) {
    write_text(file, text);
    fs::permissions(file, fs::perms::owner_all | fs::perms::group_read | fs::perms::group_exec |
                              fs::perms::others_read | fs::perms::others_exec);
}

}  // namespace

std::uint64_t reserved_time(std::uint64_t wall_time) noexcept {
    constexpr std::uint64_t least = 60;
    constexpr std::uint64_t most = 600;
    return wall_time == 0 ? most : std::min(wall_time / 2, std::clamp(wall_time / 10, least, most));
}

void write_job_package(const fs::path& folder, const config::Project& project, const JobSettings& settings,
                       JobScript script) {
    const fs::path package = folder / "hpogrid";
    std::vector<std::string> options = settings.engine_options;
    if (!settings.search_points.empty()) {
        write_text(package / "search_points.json", file_text(config::read_search_points(settings.search_points)));
        options.insert(options.end(), {"--search-points", "hpogrid/search_points.json"});
    }
    script.values.insert({{"project", project.name},
                          {"jobs", fmt::format("{}", settings.jobs)},
                          {"seed", fmt::format("{}", settings.seed)},
                          {"wall_time", fmt::format("{}", settings.wall_time)},
                          {"reserve", fmt::format("{}", reserved_time(settings.wall_time))},
                          {"version", std::string{version}},
                          {"engine_options", options}});
    write_program(package / script.name, render_template(script.text, script.values));
    write_text(package / "job-library", job_library());
    write_program(package / "run-engine", run_engine_script());
    nlohmann::json document = project.source;
    document["scripts_path"] = "scripts";
    write_text(package / "project/config/project_config.json", file_text(document));
    copy_scripts(project.scripts_path, package / "project/scripts");
}

}  // namespace hpogrid::launchers
