#include "launchers/panda/submission.hpp"

#include "engine/config/json_text.hpp"
#include "engine/config/printable.hpp"
#include "engine/core/error.hpp"
#include "engine/results/file.hpp"
#include "launchers/configurations/store.hpp"
#include "launchers/core/folders.hpp"
#include "launchers/core/run_program.hpp"
#include "launchers/core/shell_text.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include <cstdlib>
#include <span>
#include <system_error>

namespace hpogrid::launchers {
namespace fs = std::filesystem;
namespace {

std::string variable(const char* name) {
    const char* value = std::getenv(name);
    return value == nullptr ? "" : value;
}

std::string_view meaning(int status) {
    switch (status) {
        case 10:
            return "its options or the proxy are wrong";
        case 50:
            return "the job package cannot be uploaded";
        case 60:
            return "the job package cannot be packed";
        case 90:
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

void collect_ids(const nlohmann::json& answer, std::vector<std::string>& ids) {
    for (const nlohmann::json& submitted : answer.is_array() ? answer : nlohmann::json::array()) {
        const nlohmann::json id = submitted.value("jediTaskID", nlohmann::json{});
        if (!id.is_null()) {
            ids.push_back(id.is_string() ? id.get<std::string>() : id.dump());
        }
    }
}

}  // namespace

std::string account_from_environment() {
    const std::string account = variable("RUCIO_ACCOUNT");
    return account.empty() ? variable("PANDA_NICKNAME") : account;
}

void check_panda_client() {
    if (!find_program("prun")) {
        throw InputError{
            "prun is not on $PATH, allowed: set up the PanDA client first (lsetup panda; or pip install "
            "panda-client, and source its etc/panda/panda_setup.sh)"};
    }
    if (variable("PANDA_SYS").empty()) {
        throw InputError{
            "PANDA_SYS is not set, so that prun would not find itself, allowed: set up the PanDA client first "
            "(lsetup panda; or source etc/panda/panda_setup.sh of panda-client)"};
    }
    const std::string authentication = variable("PANDA_AUTH");
    if (authentication.empty() || authentication == "x509") {
        const std::string named = variable("X509_USER_PROXY");
        const fs::path proxy = named.empty() ? fs::path{fmt::format("/tmp/x509up_u{}", ::getuid())} : fs::path{named};
        if (!is_there(proxy)) {
            throw InputError{
                fmt::format("there is no grid proxy in {}, allowed: voms-proxy-init -voms atlas, or a token "
                            "(PANDA_AUTH=oidc)",
                            config::printable_path(proxy))};
        }
    }
}

std::vector<std::string> submit_to_panda(const fs::path& folder, const std::vector<PandaTask>& tasks,
                                         const JobSettings& settings) {
    nlohmann::json record = {
        {"first_seed", settings.seed}, {"jobs", settings.jobs}, {"tasks", nlohmann::json::array()}};
    std::vector<std::string> ids;
    for (const PandaTask& task : tasks) {
        const std::vector<std::string> command = prun_command(task);
        const int status = run_program(command, folder);
        const nlohmann::json answered = answer(task.submission_file);
        record["tasks"].push_back({{"command", command}, {"status", status}, {"answer", answered}});
        const std::string text = file_text(record);
        results::replace_file(folder.parent_path() / "submission.json", std::as_bytes(std::span{text}));
        if (status != 0) {
            throw SubmissionError{fmt::format("prun ended with status {} ({}); the job package is {}", status,
                                              meaning(status), config::printable_path(folder))};
        }
        collect_ids(answered, ids);
    }
    return ids;
}

}  // namespace hpogrid::launchers
