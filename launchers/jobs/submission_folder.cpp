#include "launchers/jobs/submission_folder.hpp"

#include "launchers/core/folders.hpp"

#include <system_error>

namespace hpogrid::launchers {
namespace fs = std::filesystem;

SubmissionFolder::SubmissionFolder(const fs::path& submissions, const std::string& project)
    : path_{make_dated_folder(fs::absolute(submissions / project).lexically_normal())} {}

SubmissionFolder::~SubmissionFolder() {
    if (kept_) {
        return;
    }
    std::error_code ignored;
    fs::remove_all(path_, ignored);
    // Those of other submissions are not empty, and stay.
    fs::remove(path_.parent_path(), ignored);
    fs::remove(path_.parent_path().parent_path(), ignored);
}

}  // namespace hpogrid::launchers
