#include "engine/trials/native/column_choice.hpp"

#include "engine/core/error.hpp"
#include "engine/core/nearest.hpp"
#include "engine/core/parameter_reader.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <limits>
#include <nlohmann/json.hpp>
#include <string_view>

namespace hpogrid::trials {
namespace {

using nlohmann::json;

[[noreturn]] void refuse(const std::string& key, const json& value, std::string_view allowed) {
    throw InputError{fmt::format("model_config.param key '{}' is {}, allowed: {}", key, value.dump(), allowed)};
}

std::vector<std::string> feature_names(const json& param) {
    if (!param.contains("features")) {
        return {};
    }
    const json& names = param.at("features");
    const bool texts = names.is_array() && !names.empty() &&
                       std::ranges::all_of(names, [](const json& name) { return name.is_string(); });
    if (!texts) {
        refuse("features", names, "a list of names of columns");
    }
    auto list = names.get<std::vector<std::string>>();
    for (const std::string& name : list) {
        if (std::ranges::count(list, name) > 1) {
            refuse("features", names, fmt::format("'{}' once", name));
        }
    }
    return list;
}

/// One end of a range; null leaves it open.
double read_end(const json& value, double open) {
    return value.is_null() ? open : value.get<double>();
}

std::vector<Cut> read_cuts(const json& param) {
    std::vector<Cut> cuts;
    if (!param.contains("cuts")) {
        return cuts;
    }
    const json& object = param.at("cuts");
    if (!object.is_object()) {
        refuse("cuts", object, R"(an object of ranges, as {"pt": [20, 500], "mass": [null, 200]})");
    }
    constexpr double infinity = std::numeric_limits<double>::infinity();
    for (const auto& [column, range] : object.items()) {
        const bool pair = range.is_array() && range.size() == 2 &&
                          std::ranges::all_of(range, [](const json& end) { return end.is_null() || end.is_number(); });
        if (!pair) {
            refuse("cuts." + column, range, "[lowest, highest], null for no limit");
        }
        cuts.push_back({column, read_end(range[0], -infinity), read_end(range[1], infinity)});
        if (cuts.back().low > cuts.back().high) {
            refuse("cuts." + column, range, "the lower limit first");
        }
    }
    return cuts;
}

}  // namespace

std::optional<std::set<std::string, std::less<>>> needed_columns(const json& param) {
    const std::vector<std::string> features = feature_names(param);
    if (features.empty()) {
        return std::nullopt;
    }
    ParameterReader reader{"model_config.param", "mlp", param};
    std::set<std::string, std::less<>> needed{features.begin(), features.end()};
    needed.insert(reader.text("label", "label"));
    needed.insert(reader.text("weight", ""));
    for (const Cut& cut : read_cuts(param)) {
        needed.insert(cut.column);
    }
    return needed;
}

const std::vector<float>& find_column(const NumberTable& table, const std::string& name, const std::string& key,
                                      const std::filesystem::path& file) {
    const auto found = std::ranges::find(table.names, name);
    if (found == table.names.end()) {
        std::vector<std::string_view> names{table.names.begin(), table.names.end()};
        names.insert(names.end(), table.left_out.begin(), table.left_out.end());
        throw InputError{fmt::format("model_config.param key '{}' is '{}' (no such column in {}{}), allowed: {}", key,
                                     name, file.string(), did_you_mean(name, names), join_names(names))};
    }
    return table.columns[static_cast<std::size_t>(found - table.names.begin())];
}

ColumnChoice read_column_choice(const json& param, const NumberTable& table, const std::filesystem::path& file) {
    ParameterReader reader{"model_config.param", "mlp", param};
    ColumnChoice choice{.label = reader.text("label", "label"),
                        .weight = reader.text("weight", ""),
                        .features = feature_names(param),
                        .cuts = read_cuts(param)};
    static_cast<void>(find_column(table, choice.label, "label", file));
    if (!choice.weight.empty()) {
        static_cast<void>(find_column(table, choice.weight, "weight", file));
    }
    if (choice.features.empty()) {
        std::ranges::copy_if(table.names, std::back_inserter(choice.features),
                             [&](const std::string& name) { return name != choice.label && name != choice.weight; });
    }
    for (const std::string& name : choice.features) {
        if (name == choice.label || name == choice.weight) {
            refuse("features", name, "columns other than the label and the weight");
        }
        static_cast<void>(find_column(table, name, "features", file));
    }
    return choice;
}

std::vector<std::size_t> passing_rows(const NumberTable& table, const std::vector<Cut>& cuts,
                                      const std::filesystem::path& file) {
    std::vector<std::size_t> rows(table.rows());
    std::ranges::generate(rows, [next = std::size_t{0}]() mutable { return next++; });
    for (const Cut& cut : cuts) {
        const std::vector<float>& column = find_column(table, cut.column, "cuts", file);
        std::erase_if(rows, [&](std::size_t row) {
            const double value = column[row];
            return !(value >= cut.low && value <= cut.high);
        });
        if (rows.empty()) {
            throw InputError{fmt::format("{}: no row is left after the cut on '{}', allowed: ranges that keep rows",
                                         file.string(), cut.column)};
        }
    }
    return rows;
}

}  // namespace hpogrid::trials
