#include "launchers/program/project_runs.hpp"

#include "launchers/core/folders.hpp"

#include <algorithm>
#include <system_error>
#include <vector>

namespace hpogrid::launchers {
namespace fs = std::filesystem;

std::optional<fs::path> last_run(const Workspace& workspace, const std::string& project) {
    std::vector<fs::path> folders;
    std::error_code error;
    for (fs::directory_iterator entry{workspace.runs(project), error}, end; !error && entry != end;
         entry.increment(error)) {
        if (is_there(entry->path() / "results.journal")) {
            folders.push_back(entry->path());
        }
    }
    return folders.empty() ? std::nullopt : std::optional{std::ranges::max(folders)};
}

}  // namespace hpogrid::launchers
