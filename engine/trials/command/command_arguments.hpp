#pragma once

#include <nlohmann/json_fwd.hpp>
#include <string>
#include <variant>
#include <vector>

namespace hpogrid::trials {

/// Arguments of a command with {name} placeholders; {{ and }} stand for braces. Each argument stays one argument,
/// whatever its value contains.
class CommandArguments {
  public:
    /// Throws InputError for a placeholder that is none of `parameters`, or an unmatched brace.
    CommandArguments(const std::vector<std::string>& arguments, const std::vector<std::string>& parameters);

    /// Strings as they are, everything else as JSON. A parameter that is absent (inactive) becomes an empty text.
    [[nodiscard]] std::vector<std::string> fill(const nlohmann::json& configuration) const;

  private:
    struct Placeholder {
        std::string name;
    };
    using Part = std::variant<std::string, Placeholder>;

    static std::vector<Part> parse(const std::string& argument, const std::vector<std::string>& parameters);

    std::vector<std::vector<Part>> arguments_;
};

}  // namespace hpogrid::trials
