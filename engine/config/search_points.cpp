#include "engine/config/json_text.hpp"
#include "engine/config/located.hpp"
#include "engine/config/printable.hpp"
#include "engine/config/project.hpp"

namespace hpogrid::config {

std::vector<nlohmann::json> read_search_points(const std::filesystem::path& file) {
    constexpr std::string_view form = "a list of objects [{\"<hyperparameter>\": value, …}, …]";
    const nlohmann::json json = read_json_file(file);
    const Located document{json, printable_path(file)};
    Located list = document;
    if (json.is_object()) {
        constexpr std::string_view known[] = {"points"};
        for (const auto& [key, value] : json.items()) {
            if (key != known[0]) {
                throw document.unknown(key, known);
            }
        }
        if (json.empty()) {
            throw document.missing(known[0], form);
        }
        list = document.member(std::string{known[0]});
    }
    if (!list.json().is_array()) {
        throw list.refusal("", form);
    }
    std::vector<nlohmann::json> points;
    for (std::size_t i = 0; i < list.json().size(); ++i) {
        const Located point = list.element(i);
        if (!point.json().is_object()) {
            throw point.refusal("", "an object {\"<hyperparameter>\": value, …}");
        }
        points.push_back(point.json());
    }
    return points;
}

}  // namespace hpogrid::config
