#pragma once

#include "launchers/configurations/config_option.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace hpogrid::launchers {

/// A kind of configuration that users keep under names.
struct Kind {
    std::string_view command;   ///< "hpo_config"; also the section of a project
    std::string_view folder;    ///< below config/
    std::string_view what;      ///< for messages and help: "search space"
    std::string_view what_all;  ///< "search spaces"
    std::vector<ConfigOption> options;
    /// The configuration is the value of its only option, which may stand without its name: search_space.
    bool is_one_value{false};
    /// Checks a whole configuration. Throws InputError.
    void (*check)(const config::Located&);
    std::string_view example;  ///< what follows "hpogrid <command> create"
};

/// All kinds, in the order in which the seed describes them.
[[nodiscard]] const std::vector<Kind>& kinds();

}  // namespace hpogrid::launchers
