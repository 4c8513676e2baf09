#include "launchers/panda/dataset_name.hpp"

#include "engine/config/printable.hpp"
#include "engine/core/error.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

namespace hpogrid::launchers {
namespace {

void replace_all(std::string& text, std::string_view from, const std::string& to) {
    for (std::size_t at = text.find(from); at != std::string::npos; at = text.find(from, at + to.size())) {
        text.replace(at, from.size(), to);
    }
}

std::string formatted_time(const std::string& format, std::time_t time) {
    std::tm local{};
    ::localtime_r(&time, &local);
    std::array<char, 256> text{};
    return {text.data(), std::strftime(text.data(), text.size(), format.c_str(), &local)};
}

void replace_dates(std::string& text, std::time_t time) {
    constexpr std::string_view begin = "$(date +";
    for (std::size_t at = text.find(begin); at != std::string::npos; at = text.find(begin, at)) {
        const std::size_t end = text.find(')', at);
        if (end == std::string::npos) {
            return;
        }
        const std::string format = text.substr(at + begin.size(), end - at - begin.size());
        text.replace(at, end - at + 1, formatted_time(format, time));
    }
}

bool is_in_dataset(char character) {
    return (character >= 'a' && character <= 'z') || (character >= 'A' && character <= 'Z') ||
           (character >= '0' && character <= '9') || character == '.' || character == '_' || character == '-';
}

}  // namespace

std::string expand_dataset(std::string_view pattern, const DatasetContext& context) {
    std::string name{pattern};
    for (const std::string_view account : {"${{RUCIO_ACCOUNT}}", "${RUCIO_ACCOUNT}", "$RUCIO_ACCOUNT"}) {
        if (name.find(account) != std::string::npos && context.account.empty()) {
            throw InputError{
                fmt::format("outDS '{}' needs RUCIO_ACCOUNT, which is not set, allowed: "
                            "export RUCIO_ACCOUNT=<your CERN account>, or another outDS",
                            config::printable(pattern))};
        }
        replace_all(name, account, context.account);
    }
    replace_all(name, "{HPO_PROJECT_NAME}", context.project);
    replace_dates(name, context.time);
    // PanDA counts the '/' that it appends.
    constexpr std::size_t longest = 131;
    if (!name.starts_with("user.") || name.size() > longest || !std::ranges::all_of(name, is_in_dataset)) {
        throw InputError{
            fmt::format("outDS is '{}', allowed: user.<account>.<more> of letters, digits and ._-, at most "
                        "{} characters",
                        config::printable(name), longest)};
    }
    return name;
}

}  // namespace hpogrid::launchers
