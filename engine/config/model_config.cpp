#include "engine/config/model_config.hpp"

#include "engine/config/rules.hpp"
#include "engine/config/script_kind.hpp"

#include <algorithm>
#include <filesystem>
#include <string_view>

namespace hpogrid::config {
namespace {

bool is_identifier_character(char character) {
    const auto byte = static_cast<unsigned char>(character);
    // Python allows letters of every script.
    return byte >= 0x80 || character == '_' || (byte >= '0' && byte <= '9') || (byte >= 'A' && byte <= 'Z') ||
           (byte >= 'a' && byte <= 'z');
}

bool is_identifier(std::string_view name) {
    return !name.empty() && !(name[0] >= '0' && name[0] <= '9') && std::ranges::all_of(name, is_identifier_character);
}

/// Whether the path, seen from a folder, leads out of it.
bool leads_out(const std::filesystem::path& path) {
    const auto normal = path.lexically_normal();
    return path.is_absolute() || (!normal.empty() && *normal.begin() == "..");
}

void check_script(const Located& script, ScriptKind kind) {
    const auto& name = script.json().get_ref<const std::string&>();
    const bool absolute_command = kind == ScriptKind::command && std::filesystem::path{name}.is_absolute();
    if (!absolute_command && leads_out(name)) {
        throw script.refusal("it leads out of scripts_path", "a file below scripts_path");
    }
}

void check_model(const Located& object, const ModelConfig& config, ScriptKind kind) {
    const bool needed = kind != ScriptKind::command;
    const std::string_view what = kind == ScriptKind::plugin   ? "name of a factory in the plug-in"
                                  : kind == ScriptKind::native ? "mlp, bdt"
                                                               : "name of a function or class in the script";
    if (needed && !object.json().contains("model")) {
        throw object.missing("model", what);
    }
    if (needed && !is_identifier(config.model)) {
        throw object.member("model").refusal("no name that a program can have", what);
    }
    if (kind == ScriptKind::native && config.model != "mlp" && config.model != "bdt") {
        throw object.member("model").refusal("no native trainer", what);
    }
}

/// Keys that have a meaning for one kind of script only would be ignored silently for others.
void check_belonging(const Located& object, ScriptKind kind) {
    for (const char* key : {"arguments", "result_file"}) {
        if (kind != ScriptKind::command && object.json().contains(key)) {
            throw object.member(key).refusal("the script is no command", "this key for commands only");
        }
    }
    if (kind != ScriptKind::python && object.json().contains("start")) {
        throw object.member("start").refusal("the script is not Python", "this key for *.py only");
    }
}

}  // namespace

std::vector<Field<ModelConfig>> model_fields() {
    using C = ModelConfig;
    return {
        field("script", &C::script, TextRule{},
              "What evaluates a trial, below `scripts_path`: `*.py` Python, `*.so` a plug-in, `builtin` the native "
              "trainer "
              "`model`, anything else a command, which may also be found on $PATH")
            .as_required(),
        field("model", &C::model, TextRule{},
              "Function or class in the Python script, factory in the plug-in, or native trainer (`mlp`, `bdt`); "
              "commands "
              "need none"),
        field("param", &C::param, ObjectRule{}, "Added to each trial's configuration").or_null(),
        field("start", &C::start,
              EnumerationRule<StartMethod>{
                  {{"automatic", StartMethod::automatic}, {"fork", StartMethod::fork}, {"spawn", StartMethod::spawn}}},
              "How a trial's Python process comes to be: forked from one that has imported the script, or new"),
        field("arguments", &C::arguments, TextListRule{},
              "Arguments of a command; `{name}` stands for a value of the trial's configuration"),
        field("result_file", &C::result_file, TextRule{},
              "File in the trial's folder with a JSON object of metrics, read when the command has ended"),
    };
}

ModelConfig read_model_config(const Located& value) {
    ModelConfig config;
    with_object(value, ObjectRule{}.allowed(), [&](const Located& object) {
        read_fields(model_fields(), object, config);
        const ScriptKind kind = script_kind(config.script);
        check_script(object.member("script"), kind);
        check_model(object, config, kind);
        check_belonging(object, kind);
        if (leads_out(config.result_file)) {
            throw object.member("result_file").refusal("it leads out of the trial's folder", "a relative path");
        }
    });
    return config;
}

}  // namespace hpogrid::config
