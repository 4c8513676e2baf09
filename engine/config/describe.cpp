#include "engine/config/describe.hpp"

#include "engine/config/grid_config.hpp"
#include "engine/config/hpo_config.hpp"
#include "engine/config/model_config.hpp"
#include "engine/config/project_fields.hpp"
#include "engine/config/sampling_methods.hpp"
#include "engine/optimizers/registry.hpp"
#include "engine/schedulers/registry.hpp"

#include <fmt/format.h>

#include <iterator>
#include <vector>

namespace hpogrid::config {
namespace {

/// One cell: a bar would end it.
std::string cell(std::string_view text) {
    std::string escaped;
    for (const char character : text) {
        escaped += character == '|' ? "\\|" : std::string{character};
    }
    return escaped;
}

std::string code(std::string_view text) {
    return text.empty() ? "" : fmt::format("`{}`", text);
}

constexpr std::string_view key_table = "| key | allowed | default | meaning |\n| --- | --- | --- | --- |\n";

template <class Config>
std::string rows(const std::vector<Field<Config>>& fields, const Config& defaults, const std::string& prefix = {}) {
    std::string text;
    for (const Field<Config>& field : fields) {
        const std::string shown = field.show_default ? code(field.show_default(defaults)) : "";
        text += fmt::format("| {} | {} | {} | {} |\n", code(prefix + std::string{field.name}), cell(field.allowed),
                            field.required ? "required" : cell(shown), cell(field.meaning));
        text += rows(field.members, defaults, prefix + std::string{field.name} + ".");
    }
    return text;
}

template <class Config>
std::string section(std::string_view title, std::string_view introduction, const std::vector<Field<Config>>& fields) {
    return fmt::format("\n## {}\n\n{}\n\n{}{}", title, introduction, key_table, rows(fields, Config{}));
}

template <class Entry>
std::string summaries(std::string_view title, std::span<const Entry> entries) {
    std::string text = fmt::format("\n### {}\n\n| name | what it does |\n| --- | --- |\n", title);
    for (const Entry& entry : entries) {
        text += fmt::format("| {} | {} |\n", code(entry.name), cell(entry.summary));
    }
    return text;
}

std::string methods() {
    std::string text = "\n### Sampling methods\n\n| method | value | `dimension` |\n| --- | --- | --- |\n";
    for (const MethodEntry& method : sampling_methods()) {
        std::string keys;
        for (const DimensionKey& key : method.keys) {
            const std::string fallback =
                key.default_value.empty() ? "" : fmt::format(", default {}", key.default_value);
            keys += fmt::format("{}{}: {} ({}{})", keys.empty() ? "" : "; ", code(key.name), key.meaning, key.allowed,
                                fallback);
        }
        text += fmt::format("| {} | {} | {} |\n", code(method.name), cell(method.meaning), cell(keys));
    }
    return text;
}

constexpr std::string_view introduction =
    "# Configuration\n\n"
    "Every key of a project's JSON, as printed by `hpogrid-engine --describe`. Unknown keys are refused. An object "
    "may\n"
    "also be written as a text that holds it, as the command line `hpogrid` stores it.\n";

constexpr std::string_view space_introduction =
    "One object a hyperparameter: `{\"<name>\": {\"method\": …, \"dimension\": {…}, \"condition\": {…}}}`. A "
    "hyperparameter "
    "with a `condition`\n`{\"<other>\": [values]}` is part of a trial's configuration only where the other one has one "
    "of "
    "these values; with\nseveral conditions, where all of them hold.\n";

}  // namespace

std::string describe_configuration() {
    std::string text{introduction};
    text += section("Project", "The whole file.", project_fields());
    text += section("model_config", "What evaluates a trial.", model_fields());
    text += fmt::format("\n## search_space\n\n{}", space_introduction);
    text += methods();
    text += section("hpo_config", "How the search is done.", hpo_fields());
    text += summaries("Algorithms", optimizers::algorithms());
    text += summaries("Schedulers", schedulers::schedulers());
    text += section("grid_config", "Where jobs of the ATLAS grid run.", grid_fields());
    return text;
}

}  // namespace hpogrid::config
