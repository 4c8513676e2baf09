#include "launchers/jobs/template.hpp"

#include "engine/core/overloaded.hpp"
#include "launchers/core/shell_text.hpp"

#include <algorithm>
#include <set>
#include <stdexcept>

namespace hpogrid::launchers {
namespace {

bool is_in_name(char character) {
    return character == '_' || (character >= 'a' && character <= 'z');
}

std::string quoted(const TemplateValue& value) {
    return std::visit(Overloaded{[](const std::string& word) { return shell_quoted(word); },
                                 [](const std::vector<std::string>& words) {
                                     std::string text;
                                     for (const std::string& word : words) {
                                         text += (text.empty() ? "" : " ") + shell_quoted(word);
                                     }
                                     return text;
                                 }},
                      value);
}

}  // namespace

std::string render_template(std::string_view text, const std::map<std::string, TemplateValue>& values) {
    std::string rendered;
    std::set<std::string> used;
    for (std::size_t at = 0; at < text.size();) {
        const std::size_t begin = std::min(text.find('@', at), text.size());
        rendered += text.substr(at, begin - at);
        const std::size_t end = text.find('@', begin + 1);
        const std::string_view name =
            end == std::string_view::npos ? std::string_view{} : text.substr(begin + 1, end - begin - 1);
        if (name.empty() || !std::ranges::all_of(name, is_in_name)) {
            rendered += text.substr(begin, begin < text.size() ? 1 : 0);
            at = begin + 1;
            continue;
        }
        const auto value = values.find(std::string{name});
        if (value == values.end()) {
            throw std::logic_error{"template: no value for @" + std::string{name} + "@"};
        }
        used.insert(value->first);
        rendered += quoted(value->second);
        at = end + 1;
    }
    for (const auto& [name, value] : values) {
        if (!used.contains(name)) {
            throw std::logic_error{"template: no place for the value of " + name};
        }
    }
    return rendered;
}

}  // namespace hpogrid::launchers
