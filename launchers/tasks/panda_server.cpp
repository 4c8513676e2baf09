#include "launchers/tasks/panda_server.hpp"

#include "launchers/http/json_answer.hpp"

#include <fmt/format.h>

namespace hpogrid::launchers {
namespace {

using nlohmann::json;

/// "https://host:port" of an address.
std::string host_of(const std::string& url) {
    const std::size_t begin = url.find("://");
    const std::size_t end = begin == std::string::npos ? begin : url.find('/', begin + 3);
    return url.substr(0, end);
}

}  // namespace

Service panda_server() {
    Service service = service_from_environment("PanDA", "PANDA_URL_SSL", "https://pandaserver.cern.ch");
    service.url = host_of(service.url);
    return service;
}

void query_missing_metadata(const Service& server, const Credentials& credentials, std::span<Task> tasks) {
    for (Task& task : tasks) {
        if (!task.jobs.empty() || task.percent_finished.value_or(0.0) <= 0.0) {
            continue;
        }
        const json answer = json_get(server, {.path = "/api/v1/job/get_metadata_for_analysis_jobs",
                                              .parameters = {{"task_id", fmt::format("{}", task.id)}},
                                              .credentials = credentials});
        if (!answer.is_object() || answer.value("success", json{}) != true) {
            throw ServiceError{fmt::format("{} ({}) gives no metadata of task {}", server.name, server.url, task.id)};
        }
        add_jobs(task, answer.value("data", json{}));
    }
}

}  // namespace hpogrid::launchers
