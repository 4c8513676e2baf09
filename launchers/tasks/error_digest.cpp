#include "launchers/tasks/error_digest.hpp"

#include "engine/config/printable.hpp"
#include "engine/core/error.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <map>
#include <utility>

namespace hpogrid::launchers {
namespace {

using nlohmann::json;

/// Where the monitor keeps the errors of a component.
struct Component {
    std::string_view name;
    const char* code;
    const char* diagnostics;  ///< "" = none
};

constexpr std::array<Component, 8> components{{{"pilot", "piloterrorcode", "piloterrordiag"},
                                               {"transform", "transexitcode", ""},
                                               {"executor", "exeerrorcode", "exeerrordiag"},
                                               {"jobdispatcher", "jobdispatchererrorcode", "jobdispatchererrordiag"},
                                               {"taskbuffer", "taskbuffererrorcode", "taskbuffererrordiag"},
                                               {"ddm", "ddmerrorcode", "ddmerrordiag"},
                                               {"brokerage", "brokerageerrorcode", "brokerageerrordiag"},
                                               {"supervisor", "superrorcode", "superrordiag"}}};

/// The monitor writes some codes as texts.
int code_of(const json& job, const char* field) {
    const json value = job.value(field, json{});
    const std::string text = value.is_string() ? value.get<std::string>() : value.dump();
    int code = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), code);
    return error == std::errc{} && end == text.data() + text.size() ? code : 0;
}

std::string text_of(const json& job, const char* field) {
    const json value = job.value(field, json{});
    return value.is_string() ? value.get<std::string>() : "";
}

std::optional<GridError> known_error(std::string_view component, int code) {
    const auto& all = grid_errors();
    const auto found = std::ranges::find_if(
        all, [&](const GridError& error) { return error.component == component && error.code == code; });
    return found == all.end() ? std::nullopt : std::optional{*found};
}

void add_once(std::vector<std::string>& list, const std::string& text) {
    if (!text.empty() && std::ranges::find(list, text) == list.end()) {
        list.push_back(text);
    }
}

}  // namespace

const std::vector<GridError>& grid_errors() {
    static const std::vector<GridError> errors = [] {
        std::vector<GridError> list;
        for (const json& each : json::parse(error_codes_text())) {
            list.push_back({each.at("component").get<std::string>(), each.at("code").get<int>(),
                            each.at("what").get<std::string>(), each.at("do").get<std::string>()});
        }
        std::ranges::sort(list, {}, [](const GridError& error) { return std::pair{error.component, error.code}; });
        return list;
    }();
    return errors;
}

std::vector<GridError> errors_with_code(std::string_view text) {
    const std::size_t colon = text.find(':');
    const std::string_view component = colon == std::string_view::npos ? "" : text.substr(0, colon);
    const std::string_view digits = colon == std::string_view::npos ? text : text.substr(colon + 1);
    int code = 0;
    const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), code);
    const bool is_number = error == std::errc{} && end == digits.data() + digits.size();
    std::vector<GridError> found;
    std::ranges::copy_if(grid_errors(), std::back_inserter(found), [&](const GridError& each) {
        return is_number && each.code == code && (component.empty() || each.component == component);
    });
    if (found.empty()) {
        throw InputError{
            fmt::format("'{}' is no error that is known here, allowed: a code as 1305 or pilot:1305, or the "
                        "number of a task",
                        config::printable(text))};
    }
    return found;
}

std::vector<JobsError> errors_of(std::span<const FailedJob> jobs) {
    std::map<std::pair<std::string_view, int>, JobsError> errors;
    for (const FailedJob& job : jobs) {
        for (const Component& component : components) {
            const int code = code_of(job.fields, component.code);
            if (code == 0) {
                continue;
            }
            JobsError& error = errors[{component.name, code}];
            error.component = component.name;
            error.code = code;
            error.diagnostics =
                error.diagnostics.empty() ? text_of(job.fields, component.diagnostics) : error.diagnostics;
            add_once(error.jobs, job.job);
            add_once(error.sites, job.site);
        }
    }
    std::vector<JobsError> list;
    for (auto& [key, error] : errors) {
        error.known = known_error(error.component, error.code);
        list.push_back(std::move(error));
    }
    std::ranges::stable_sort(list, std::ranges::greater{}, [](const JobsError& error) { return error.jobs.size(); });
    return list;
}

}  // namespace hpogrid::launchers
