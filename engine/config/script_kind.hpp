#pragma once

#include <filesystem>
#include <string_view>

namespace hpogrid::config {

struct Project;
class Located;

/// What evaluates a trial; follows from `model_config.script`.
enum class ScriptKind {
    python,   ///< `*.py`: function or class `model`
    plugin,   ///< `*.so`: factory `model`
    native,   ///< `builtin`: native trainer `model`
    command,  ///< any other executable
};

[[nodiscard]] ScriptKind script_kind(std::string_view script) noexcept;
/// Whether trials of this kind can save themselves, and go on later.
[[nodiscard]] constexpr bool can_pause(ScriptKind kind) noexcept {
    return kind == ScriptKind::python || kind == ScriptKind::native;
}

/// Absolute path of the project's script: below `scripts_path`, for a command else on $PATH; empty for a native
/// trainer. Throws InputError if it is not there, or is a command that may not be executed.
[[nodiscard]] std::filesystem::path resolve_script(const Project& project);
/// The same for messages that name the key. `script`: the value of `model_config.script`.
[[nodiscard]] std::filesystem::path resolve_script(const Located& script, const std::filesystem::path& scripts_path);

}  // namespace hpogrid::config
