#pragma once

#include "engine/trials/native/number_table.hpp"

#include <nlohmann/json_fwd.hpp>

#include <filesystem>
#include <functional>
#include <optional>
#include <set>
#include <string>
#include <vector>

namespace hpogrid::trials {

/// A range that a row's value must be in, both ends included.
struct Cut {
    std::string column;
    double low;
    double high;
};

/// Which columns of a table are what, and which rows count.
struct ColumnChoice {
    std::string label;
    std::string weight;  ///< empty: each row counts once
    std::vector<std::string> features;
    std::vector<Cut> cuts;
};

/// Names of the columns that these keys need; nothing if it is all of them, because `features` is not among them.
/// Throws as read_column_choice() does.
[[nodiscard]] std::optional<std::set<std::string, std::less<>>> needed_columns(const nlohmann::json& param);

/// Reads the keys `label`, `weight`, `features` and `cuts` of `model_config.param`. Throws InputError that names a key
/// and its value; for columns that `table` has not, with those that it has.
[[nodiscard]] ColumnChoice read_column_choice(const nlohmann::json& param, const NumberTable& table,
                                              const std::filesystem::path& file);

/// The column of that name. Throws InputError: `key` says where the name was written.
[[nodiscard]] const std::vector<float>& find_column(const NumberTable& table, const std::string& name,
                                                    const std::string& key, const std::filesystem::path& file);

/// The rows that pass all cuts; a value that is not a number passes none. Throws InputError.
[[nodiscard]] std::vector<std::size_t> passing_rows(const NumberTable& table, const std::vector<Cut>& cuts,
                                                    const std::filesystem::path& file);

}  // namespace hpogrid::trials
