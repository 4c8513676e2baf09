#include "launchers/panda/submission.hpp"

#include "engine/config/json_text.hpp"
#include "engine/config/printable.hpp"
#include "engine/core/environment.hpp"
#include "engine/core/error.hpp"
#include "engine/core/find_program.hpp"
#include "launchers/core/folders.hpp"
#include "launchers/core/run_program.hpp"
#include "launchers/core/shell_text.hpp"
#include "launchers/http/credentials.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cstdlib>
#include <iterator>
#include <system_error>

namespace hpogrid::launchers {
namespace fs = std::filesystem;
namespace {

const std::string backend = "panda";

// Exit statuses of prun: Python's argparse, and MiscUtils.py of panda-client 2.
constexpr int unknown_options = 2;
constexpr int bad_options = 10;
constexpr int not_uploaded = 50;
constexpr int not_packed = 60;
constexpr int not_submitted = 90;

std::string_view meaning(int status) {
    switch (status) {
        case unknown_options:
            return "it does not take these options";
        case bad_options:
            return "its options or the proxy are wrong";
        case not_uploaded:
            return "the job package cannot be uploaded";
        case not_packed:
            return "the job package cannot be packed";
        case not_submitted:
            return "PanDA did not accept the task";
        default:
            return "see above";
    }
}

/// What prun wrote about one task, null where it wrote nothing.
nlohmann::json answer(const fs::path& file) {
    std::error_code error;
    return fs::exists(file, error) ? config::read_json_file(file) : nlohmann::json{};
}

std::vector<std::string> ids_of(const nlohmann::json& answer) {
    std::vector<std::string> ids;
    for (const nlohmann::json& submitted : answer.is_array() ? answer : nlohmann::json::array()) {
        const nlohmann::json id = submitted.value("jediTaskID", nlohmann::json{});
        if (!id.is_null()) {
            ids.push_back(id.is_string() ? id.get<std::string>() : id.dump());
        }
    }
    return ids;
}

/// Whether a prun that failed has certainly submitted nothing: it had not come to that, or the server has refused.
/// Where only the connection broke, prun says "task submission failed with 255", without the server's reason.
bool submitted_nothing(int status, const nlohmann::json& answer) {
    constexpr std::array before_submission{unknown_options, bad_options, not_uploaded, not_packed};
    if (std::ranges::find(before_submission, status) != before_submission.end()) {
        return true;
    }
    const bool is_told = status == not_submitted && answer.is_array() && answer.size() == 1;
    const nlohmann::json reason = is_told ? answer.front().value("returnOut", nlohmann::json{}) : nlohmann::json{};
    return reason.is_string() && reason.get<std::string>().starts_with("task submission failed. ");
}

}  // namespace

std::string account_from_environment() {
    return environment_variable("RUCIO_ACCOUNT", environment_variable("PANDA_NICKNAME"));
}

void check_panda_client(const std::string& program) {
    if (find_program(program).empty()) {
        throw InputError{
            fmt::format("{} is not on $PATH, allowed: set up the PanDA client first (lsetup panda; or pip "
                        "install panda-client, and source its etc/panda/panda_setup.sh)",
                        program)};
    }
    if (environment_variable("PANDA_SYS").empty()) {
        throw InputError{
            "PANDA_SYS is not set, so that the client would not find itself, allowed: set up the PanDA client first "
            "(lsetup panda; or source etc/panda/panda_setup.sh of panda-client)"};
    }
    if (environment_variable("PANDA_AUTH", "x509") == "x509" && !is_there(proxy_place())) {
        throw InputError{
            fmt::format("there is no grid proxy in {}, allowed: voms-proxy-init -voms atlas, or a token "
                        "(PANDA_AUTH=oidc)",
                        config::printable_path(proxy_place()))};
    }
}

void submit_to_panda(SubmissionFolder& folder, const std::vector<PandaTask>& tasks, const JobSettings& settings,
                     const std::function<void(const std::string& id)>& submitted) {
    nlohmann::json record = {{"backend", backend},
                             {"first_seed", settings.seed},
                             {"jobs", settings.jobs},
                             {"tasks", nlohmann::json::array()}};
    for (const PandaTask& task : tasks) {
        const std::vector<std::string> command = prun_command(task);
        const bool is_first = record["tasks"].empty();
        const int status = run_program(command, folder.package());
        folder.keep();
        const nlohmann::json answered = answer(task.submission_file);
        record["tasks"].push_back({{"command", command}, {"status", status}, {"answer", answered}});
        write_submission_record(folder.path(), record);
        if (status != 0) {
            throw refused_submission(folder, fmt::format("prun ended with status {} ({})", status, meaning(status)),
                                     is_first && submitted_nothing(status, answered));
        }
        for (const std::string& id : ids_of(answered)) {
            submitted(id);
        }
    }
}

std::vector<std::int64_t> submitted_tasks(const fs::path& submissions) {
    std::vector<std::int64_t> tasks;
    for (const fs::path& file : files_below(submissions, "submission.json")) {
        const nlohmann::json record = config::read_json_file(file);
        const bool is_own = record.is_object() && record.value("backend", backend) == backend;
        const nlohmann::json submitted = is_own ? record.value("tasks", nlohmann::json{}) : nlohmann::json{};
        for (const nlohmann::json& task : submitted.is_array() ? submitted : nlohmann::json::array()) {
            const nlohmann::json answered =
                task.is_object() ? task.value("answer", nlohmann::json{}) : nlohmann::json{};
            std::ranges::transform(ids_of(answered), std::back_inserter(tasks),
                                   [](const std::string& id) { return std::atoll(id.c_str()); });
        }
    }
    return tasks;
}

}  // namespace hpogrid::launchers
