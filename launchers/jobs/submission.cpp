#include "launchers/jobs/submission.hpp"

#include "engine/config/printable.hpp"
#include "engine/results/file.hpp"
#include "launchers/configurations/store.hpp"

#include <fmt/format.h>

#include <nlohmann/json.hpp>
#include <span>
#include <string>

namespace hpogrid::launchers {

SubmissionError refused_submission(SubmissionFolder& folder, const std::string& what, bool nothing_submitted) {
    if (nothing_submitted) {
        folder.drop();
        return SubmissionError{what + "; nothing was submitted"};
    }
    folder.keep();
    return SubmissionError{fmt::format("{}; something may have been submitted all the same, so its folder is kept: {}",
                                       what, config::printable_path(folder.path()))};
}

void write_submission_record(const std::filesystem::path& folder, const nlohmann::json& record) {
    const std::string text = file_text(record);
    results::replace_file(folder / "submission.json", std::as_bytes(std::span{text}));
}

}  // namespace hpogrid::launchers
