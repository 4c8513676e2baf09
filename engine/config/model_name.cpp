#include "engine/config/model_name.hpp"

#include "engine/config/located.hpp"
#include "engine/config/printable.hpp"
#include "engine/config/project.hpp"
#include "engine/config/script_kind.hpp"
#include "engine/core/nearest.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cctype>
#include <fstream>
#include <iterator>
#include <string>
#include <string_view>
#include <vector>

namespace hpogrid::config {
namespace {

bool is_of_name(char c) {
    return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '_' || (static_cast<unsigned char>(c) & 0x80U) != 0;
}

std::string_view next_name(std::string_view text) {
    const auto begin = std::ranges::find_if(text, is_of_name);
    const auto end = std::find_if_not(begin, text.end(), is_of_name);
    return {begin, end};
}

bool mentions(std::string_view text, std::string_view name) {
    for (std::size_t at = text.find(name); at != std::string_view::npos; at = text.find(name, at + 1)) {
        const std::size_t end = at + name.size();
        if ((at == 0 || !is_of_name(text[at - 1])) && (end == text.size() || !is_of_name(text[end]))) {
            return true;
        }
    }
    return false;
}

/// Ways to a name in the script's namespace that nobody wrote there.
bool may_define_unseen(std::string_view text) {
    constexpr std::array<std::string_view, 7> ways{"import *", "globals",  "setattr",    "__getattr__",
                                                   "exec",     "__dict__", "sys.modules"};
    return std::ranges::any_of(ways, [&](std::string_view way) { return text.find(way) != std::string_view::npos; });
}

/// Functions and classes at the beginning of a line.
std::vector<std::string_view> definitions(std::string_view text) {
    std::vector<std::string_view> names;
    for (std::size_t begin = 0; begin < text.size();) {
        const std::size_t end = std::min(text.find('\n', begin), text.size());
        const std::string_view line = text.substr(begin, end - begin);
        for (const std::string_view keyword : {"def ", "class "}) {
            if (line.starts_with(keyword)) {
                names.push_back(next_name(line.substr(keyword.size())));
            }
        }
        begin = end + 1;
    }
    return names;
}

/// What follows each "hpogrid_plugin_" (trials/plugin/hpogrid_plugin.h) in the library: names of factories, and of what
/// the compiler made of the interface's own types.
std::vector<std::string_view> factories(std::string_view library) {
    constexpr std::string_view prefix = "hpogrid_plugin_";
    std::vector<std::string_view> names;
    for (std::size_t at = library.find(prefix); at != std::string_view::npos; at = library.find(prefix, at + 1)) {
        const std::string_view rest = library.substr(at + prefix.size());
        const bool whole = at > 0 && library[at - 1] == '\0';
        const std::string_view name = rest.substr(0, rest.find('\0'));
        if (whole && !name.empty() && std::ranges::find(names, name) == names.end()) {
            names.push_back(name);
        }
    }
    return names;
}

std::string read_script(const Project& project) {
    const std::filesystem::path script = resolve_script(project);
    std::ifstream stream{script, std::ios::binary};
    if (!stream) {
        const nlohmann::json value = project.model.script;
        throw Located{value, printable_path(project.file), "model_config.script"}.refusal(
            fmt::format("{} cannot be read", printable_path(script)), "a readable file");
    }
    return {std::istreambuf_iterator<char>{stream}, {}};
}

}  // namespace

void check_model_name(const Project& project) {
    const ScriptKind kind = script_kind(project.model.script);
    if (kind != ScriptKind::python && kind != ScriptKind::plugin) {
        return;
    }
    const bool python = kind == ScriptKind::python;
    const std::string& model = project.model.model;
    const std::string text = read_script(project);
    const std::vector<std::string_view> names = python ? definitions(text) : factories(text);
    const bool there =
        python ? mentions(text, model) || may_define_unseen(text) : std::ranges::find(names, model) != names.end();
    if (there) {
        return;
    }
    const char* none = python ? "a function or class of the script" : "a factory of the plug-in";
    const nlohmann::json value = model;
    throw Located{value, printable_path(project.file), "model_config.model"}.refusal(
        fmt::format("{} does not define it{}", printable(project.model.script), did_you_mean(model, names)),
        names.empty() ? none : printable(join_names(names), 400));
}

}  // namespace hpogrid::config
