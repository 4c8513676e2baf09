#include "engine/config/script_kind.hpp"

#include "engine/config/located.hpp"
#include "engine/config/printable.hpp"
#include "engine/config/project.hpp"
#include "engine/config/text_file.hpp"
#include "engine/core/find_program.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include <string>
#include <system_error>

namespace hpogrid::config {
namespace fs = std::filesystem;
namespace {

bool is_file(const fs::path& path) {
    std::error_code error;
    return fs::is_regular_file(path, error);
}

bool is_executable(const fs::path& path) {
    return is_file(path) && ::access(path.c_str(), X_OK) == 0;
}

}  // namespace

ScriptKind script_kind(std::string_view script) noexcept {
    if (script.ends_with(".py")) {
        return ScriptKind::python;
    }
    if (script.ends_with(".so")) {
        return ScriptKind::plugin;
    }
    return script == "builtin" ? ScriptKind::native : ScriptKind::command;
}

fs::path resolve_script(const Project& project) {
    const nlohmann::json name = project.model.script;
    return resolve_script(Located{name, printable_path(project.file), "model_config.script"}, project.scripts_path);
}

fs::path resolve_script(const Located& script, const fs::path& scripts_path) {
    const auto& name = script.json().get_ref<const std::string&>();
    if (script_kind(name) == ScriptKind::native) {
        return {};
    }
    const fs::path path = (scripts_path / name).lexically_normal();
    const bool command = script_kind(name) == ScriptKind::command;
    if (command ? is_executable(path) : is_file(path)) {
        return path;
    }
    if (is_file(path)) {
        throw script.refusal("it is not executable: chmod +x", "a Python script *.py, a plug-in *.so, or a command");
    }
    if (command && name.find('/') == std::string::npos) {
        if (fs::path found = find_program(name); !found.empty()) {
            return found;
        }
    }
    const std::string hint = nearest_entry(path.parent_path(), path.filename().string());
    throw script.refusal(fmt::format("{} in {}{}{}", why_not_found(path, "file"), printable_path(scripts_path),
                                     command ? " or on $PATH" : "", hint),
                         command ? "a Python script *.py, a plug-in *.so, or a command" : "a file in scripts_path");
}

}  // namespace hpogrid::config
