#include "launchers/http/json_answer.hpp"

#include "engine/config/json_text.hpp"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <array>

namespace hpogrid::launchers {

std::string without_python_numbers(std::string_view text) {
    constexpr std::array<std::string_view, 3> words{"NaN", "-Infinity", "Infinity"};
    std::string result;
    result.reserve(text.size());
    bool in_string = false;
    for (std::size_t at = 0; at < text.size();) {
        if (!in_string) {
            const auto* const word =
                std::ranges::find_if(words, [&](std::string_view each) { return text.substr(at).starts_with(each); });
            if (word != words.end()) {
                result += "null";
                at += word->size();
                continue;
            }
        }
        const bool is_escape = in_string && text[at] == '\\' && at + 1 < text.size();
        in_string = text[at] == '"' ? !in_string : in_string;
        const std::size_t length = is_escape ? 2 : 1;
        result += text.substr(at, length);
        at += length;
    }
    return result;
}

nlohmann::json json_get(const Service& service, const HttpRequest& request) {
    const std::string text = http_get(service, request);
    try {
        return config::parse_json(without_python_numbers(text));
    } catch (const config::JsonTextError& error) {
        throw ServiceError{fmt::format("{} ({}) answers no JSON ({})", service.name, service.url, error.what())};
    }
}

}  // namespace hpogrid::launchers
