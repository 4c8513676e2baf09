#pragma once

#include "engine/trials/native/number_table.hpp"

#include "kernels/trainer/data_set.hpp"

#include <nlohmann/json_fwd.hpp>

#include <filesystem>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace hpogrid::trials {

/// What a native model trains and validates with.
struct EventData {
    std::vector<std::string> features;  ///< names of the columns
    kernels::Table table;
    std::vector<kernels::Fold> folds;
};

/// Keys of `model_config.param` that describe the data; all others are hyperparameters.
[[nodiscard]] std::span<const std::string_view> data_keys();

/// Reads the table that `param` describes, in shuffled order:
/// - `data`: an HDF5 file (`*.h5`, `*.hdf5`), otherwise a CSV file, relative to the data folder
/// - `table` ("/"): group or dataset in the HDF5 file, see read_hdf5()
/// - `label` ("label"): column with the class, 0, 1, …, or with the target of a regression
/// - `weight` (none): column with event weights
/// - `features` (all others): columns to train with
/// - `cuts` (none): `{"pt": [20, null]}` keeps rows whose values are in these ranges
/// - `task` ("classification"): or "regression"
/// - `validation_fraction` (0.2): share of the rows that validate
/// - `folds` (0): instead, that many equal shares; a trial's hyperparameter `fold` says which one validates
/// - `validation_data` (none): instead, a file of its own with the same columns
/// Throws InputError that names the file or the key, and what is allowed.
[[nodiscard]] EventData read_event_data(const nlohmann::json& param, const std::filesystem::path& data_folder);

/// A few made-up rows in place of those that read_event_data() would read, with the same features, folds and kind of
/// task: for what can be known without reading rows. There are two classes, whatever the data have. Files are looked
/// into for their columns' names and lengths only, pipes not at all. Throws as read_event_data() does.
[[nodiscard]] EventData outline_event_data(const nlohmann::json& param, const std::filesystem::path& data_folder);

/// A table in memory, and where it came from, for messages.
struct NamedTable {
    const NumberTable& numbers;
    const std::filesystem::path& file;
};

/// The same from tables in memory. \param validation null: rows of `all` validate
[[nodiscard]] EventData make_event_data(const NamedTable& all, const NamedTable* validation,
                                        const nlohmann::json& param);

}  // namespace hpogrid::trials
