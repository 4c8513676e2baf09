#pragma once

#include <filesystem>
#include <string_view>

namespace hpogrid::launchers {

/// Where configurations and projects lie, as the seed laid them out.
struct Workspace {
    std::filesystem::path base;

    /// Folder of the configurations of one kind: "hpo", "grid", "model" or "search_space".
    [[nodiscard]] std::filesystem::path configurations(std::string_view kind) const { return base / "config" / kind; }
    [[nodiscard]] std::filesystem::path projects() const { return base / "projects"; }
    /// Folder of what was submitted, `<project>/<time>` each.
    [[nodiscard]] std::filesystem::path submissions() const { return base / "submissions"; }
    /// Folder of the runs of a project here and on clusters, `<time>` each.
    [[nodiscard]] std::filesystem::path runs(std::string_view project) const { return base / "runs" / project; }
};

/// Below $HPOGRID_BASE_PATH, or the current folder where that is not set.
[[nodiscard]] Workspace workspace_from_environment();

}  // namespace hpogrid::launchers
