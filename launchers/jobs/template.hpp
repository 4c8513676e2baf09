#pragma once

#include <map>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace hpogrid::launchers {

/// One word of the shell, or any number of them.
using TemplateValue = std::variant<std::string, std::vector<std::string>>;

/// A shell script with each `@name@` (small letters and '_') replaced by its value, always quoted. Strict: throws
/// std::logic_error for a name without a value, and for a value without a place.
[[nodiscard]] std::string render_template(std::string_view text, const std::map<std::string, TemplateValue>& values);

}  // namespace hpogrid::launchers
