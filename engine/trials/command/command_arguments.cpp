#include "engine/trials/command/command_arguments.hpp"

#include "engine/core/error.hpp"
#include "engine/core/nearest.hpp"

#include <fmt/core.h>

#include <algorithm>
#include <nlohmann/json.hpp>
#include <string_view>
#include <utility>

namespace hpogrid::trials {
namespace {

InputError unknown_placeholder(const std::string& argument, const std::string& name,
                               const std::vector<std::string>& parameters) {
    const std::vector<std::string_view> names(parameters.begin(), parameters.end());
    return InputError{
        fmt::format("argument '{}' of the command has the placeholder {{{}}} (no such hyperparameter){}, "
                    "allowed: {}; {{{{ and }}}} stand for braces",
                    argument, name, did_you_mean(name, names), names.empty() ? "none" : join_names(names))};
}

std::string to_text(const nlohmann::json& value) {
    return value.is_string() ? value.get<std::string>()
                             : value.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
}

}  // namespace

CommandArguments::CommandArguments(const std::vector<std::string>& arguments,
                                   const std::vector<std::string>& parameters) {
    for (const std::string& argument : arguments) {
        arguments_.push_back(parse(argument, parameters));
    }
}

std::vector<CommandArguments::Part> CommandArguments::parse(const std::string& argument,
                                                            const std::vector<std::string>& parameters) {
    std::vector<Part> parts;
    std::string text;
    for (std::size_t at = 0; at < argument.size(); ++at) {
        const char c = argument[at];
        if (c != '{' && c != '}') {
            text += c;
            continue;
        }
        if (at + 1 < argument.size() && argument[at + 1] == c) {
            text += c;
            ++at;
            continue;
        }
        const auto end = argument.find('}', at);
        if (c == '}' || end == std::string::npos) {
            throw InputError{
                fmt::format("argument '{}' of the command has an unmatched '{}', allowed: {{name}} for a "
                            "hyperparameter, {{{{ and }}}} for braces",
                            argument, c)};
        }
        std::string name = argument.substr(at + 1, end - at - 1);
        if (std::find(parameters.begin(), parameters.end(), name) == parameters.end()) {
            throw unknown_placeholder(argument, name, parameters);
        }
        parts.emplace_back(std::exchange(text, {}));
        parts.emplace_back(Placeholder{std::move(name)});
        at = end;
    }
    parts.emplace_back(std::move(text));
    return parts;
}

std::vector<std::string> CommandArguments::fill(const nlohmann::json& configuration) const {
    std::vector<std::string> result;
    result.reserve(arguments_.size());
    for (const std::vector<Part>& parts : arguments_) {
        std::string& argument = result.emplace_back();
        for (const Part& part : parts) {
            if (const auto* placeholder = std::get_if<Placeholder>(&part)) {
                const auto value = configuration.find(placeholder->name);
                argument += value == configuration.end() ? std::string{} : to_text(*value);
            } else {
                argument += std::get<std::string>(part);
            }
        }
    }
    return result;
}

}  // namespace hpogrid::trials
