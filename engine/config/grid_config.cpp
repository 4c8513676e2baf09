#include "engine/config/grid_config.hpp"

#include "engine/config/rules.hpp"

#include <algorithm>
#include <string>
#include <string_view>

namespace hpogrid::config {
namespace {

bool is_site_character(char character) {
    constexpr std::string_view others = "._-+";
    return (character >= 'a' && character <= 'z') || (character >= 'A' && character <= 'Z') ||
           (character >= '0' && character <= '9') || others.find(character) != std::string_view::npos;
}

/// A list of sites, a text with commas between them, or null: any site.
struct SitesRule {
    [[nodiscard]] std::string allowed() const { return "names of sites (a list, or a text with commas), or null"; }
    [[nodiscard]] std::vector<std::string> operator()(const Located& value) const {
        if (value.json().is_null()) {
            return {};
        }
        std::vector<std::string> sites = NameListRule{}(value);
        for (const std::string& site : sites) {
            if (site.front() == '-' || !std::ranges::all_of(site, is_site_character)) {
                throw value.refusal("a site's name has letters, digits and ._-+ only", allowed());
            }
        }
        return sites;
    }
    [[nodiscard]] std::string show(const std::vector<std::string>& sites) const { return NameListRule{}.show(sites); }
};

/// A text, or null for the default.
Field<GridConfig> text(std::string_view name, std::string GridConfig::*member, std::string_view meaning) {
    Field<GridConfig> result = field(name, member, TextRule{}, meaning).or_null();
    result.allowed += " or null";
    return result;
}

}  // namespace

std::vector<Field<GridConfig>> grid_fields() {
    using C = GridConfig;
    return {
        field("site", &C::sites, SitesRule{}, "Grid sites to which jobs are sent; null = any"),
        text("container", &C::container, "Container image in which jobs run"),
        text("inDS", &C::in_dataset, "Input dataset"),
        text("outDS", &C::out_dataset,
             "Output dataset; `${RUCIO_ACCOUNT}`, `{HPO_PROJECT_NAME}` and `$(date +FORMAT)` are filled in, without a "
             "shell"),
        field("retry", &C::retry, FlagRule{}, "Whether failed jobs are sent again").or_null(),
        field("extra", &C::extra, ObjectRule{}, "Further options of the submission: `{\"<option>\": value}`").or_null(),
    };
}

GridConfig read_grid_config(const Located& value) {
    GridConfig grid;
    with_object(value, ObjectRule{}.allowed(),
                [&](const Located& object) { read_fields(grid_fields(), object, grid); });
    return grid;
}

}  // namespace hpogrid::config
