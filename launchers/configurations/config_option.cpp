#include "launchers/configurations/config_option.hpp"

#include "engine/config/json_text.hpp"
#include "engine/config/printable.hpp"
#include "engine/core/error.hpp"

#include <fmt/format.h>

#include <optional>

namespace hpogrid::launchers {
namespace {

using nlohmann::json;

/// Long texts are broken with a backslash at the end of the line, which the shell leaves in single quotes.
std::string joined_lines(std::string text) {
    for (std::size_t at = text.find("\\\n"); at != std::string::npos; at = text.find("\\\n", at)) {
        text.erase(at, 2);
    }
    return text;
}

/// What else than a text it can mean. A text in quotes of its own is meant as it stands.
std::optional<json> as_json(const std::string& text) {
    try {
        json value = config::parse_json(joined_lines(text));
        return value.is_string() ? std::nullopt : std::optional{std::move(value)};
    } catch (const config::JsonTextError&) {
        return std::nullopt;
    }
}

std::vector<json> candidates(const ConfigOption& option, const std::vector<std::string>& texts) {
    if (texts.size() > 1) {
        return {json(texts)};
    }
    std::vector<json> values;
    if (auto value = as_json(texts.front())) {
        values.push_back(std::move(*value));
    }
    values.emplace_back(texts.front());
    if (option.shape == OptionShape::list) {
        values.push_back(json(texts));
    }
    return values;
}

}  // namespace

json value_of_option(const ConfigOption& option, const std::vector<std::string>& texts) {
    for (const std::string& text : texts) {
        if (config::valid_utf8_length(text) != text.size()) {
            throw InputError{
                fmt::format("--{} {}: is not UTF-8, allowed: texts in UTF-8", option.key, config::printable(text))};
        }
    }
    std::optional<InputError> refusal;
    for (json& value : candidates(option, texts)) {
        try {
            option.check(config::Located{value, "command line", "--" + option.key});
            return std::move(value);
        } catch (const InputError& error) {
            // The first meaning is the likeliest.
            refusal = refusal ? refusal : error;
        }
    }
    throw *refusal;
}

}  // namespace hpogrid::launchers
