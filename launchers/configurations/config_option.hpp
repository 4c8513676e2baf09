#pragma once

#include "engine/config/fields.hpp"

#include <nlohmann/json.hpp>

#include <functional>
#include <string>
#include <string_view>
#include <vector>

namespace hpogrid::launchers {

/// How often a value may follow an option.
enum class OptionShape {
    value,          ///< --metric loss
    list,           ///< --extra_metrics auc f1
    flag,           ///< --retry, --retry=false
    optional_value  ///< --verbose, --verbose 2
};

/// One key of a configuration as an option of the command line. Made from the table that the engine's parser reads:
/// meaning, default and checks are those of the key.
struct ConfigOption {
    std::string key;
    std::string meaning;
    std::string allowed;
    std::string default_text{};  ///< as it would stand in the file, "" = none
    bool required{false};
    /// Throws InputError where the key may not have this value.
    std::function<void(const config::Located&)> check{};
    char short_name{0};
    OptionShape shape{OptionShape::value};
    std::string store_as{};  ///< the key in the file, where that is another one: --trials becomes num_trials
};

/// What the command line adds to a key.
struct Spelling {
    std::string_view key;
    char short_name{0};
    OptionShape shape{OptionShape::value};
    std::string_view store_as{};
};

/// An option for each field.
template <class Config>
[[nodiscard]] std::vector<ConfigOption> options_of(const std::vector<config::Field<Config>>& fields,
                                                   const std::vector<Spelling>& spellings) {
    std::vector<ConfigOption> options;
    for (const config::Field<Config>& field : fields) {
        ConfigOption option{.key = std::string{field.name},
                            .meaning = std::string{field.meaning},
                            .allowed = field.allowed,
                            .default_text = field.show_default ? field.show_default(Config{}) : "",
                            .required = field.required,
                            .store_as = std::string{field.name}};
        option.check = [field](const config::Located& value) {
            Config ignored;
            if (!(field.nullable && value.json().is_null())) {
                field.read(value, ignored);
            }
        };
        for (const Spelling& spelling : spellings) {
            if (spelling.key == field.name) {
                option.short_name = spelling.short_name;
                option.shape = spelling.shape;
                option.store_as = spelling.store_as.empty() ? option.key : std::string{spelling.store_as};
            }
        }
        options.push_back(std::move(option));
    }
    return options;
}

/// The value that `texts`, which followed the option, mean: JSON where the key takes that, else the text itself. Lines
/// may be joined with a backslash. Throws InputError.
[[nodiscard]] nlohmann::json value_of_option(const ConfigOption& option, const std::vector<std::string>& texts);

}  // namespace hpogrid::launchers
