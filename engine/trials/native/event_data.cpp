#include "engine/trials/native/event_data.hpp"

#include "engine/core/error.hpp"
#include "engine/core/parameter_reader.hpp"
#include "engine/trials/native/column_choice.hpp"
#include "engine/trials/native/csv_table.hpp"
#include "engine/trials/native/hdf5_table.hpp"

#include "kernels/api/permutation.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <nlohmann/json.hpp>
#include <stdexcept>
#include <system_error>
#include <utility>

namespace hpogrid::trials {
namespace fs = std::filesystem;
namespace {

using nlohmann::json;

constexpr std::array<std::string_view, 10> keys{
    "data", "table", "label", "weight", "features", "cuts", "task", "validation_fraction", "folds", "validation_data"};
constexpr std::array<std::string_view, 2> tasks{"classification", "regression"};
// Tables often have one class after the other. The same order in every study, so that scores can be compared.
constexpr kernels::TrialKey shuffle_key{0x6576656E7473, 0};

std::vector<std::size_t> shuffled(const std::vector<std::size_t>& rows) {
    const kernels::Permutation permutation{shuffle_key, 0, static_cast<std::uint32_t>(rows.size())};
    std::vector<std::size_t> order;
    order.reserve(rows.size());
    for (std::uint32_t i = 0; i < rows.size(); ++i) {
        order.push_back(rows[permutation(i)]);
    }
    return order;
}

void check_finite(const NamedTable& table, const std::string& name, const std::vector<float>& column,
                  const std::vector<std::size_t>& rows) {
    const auto is_bad = [&](std::size_t row) { return !std::isfinite(column[row]); };
    const auto bad = std::ranges::find_if(rows, is_bad);
    if (bad != rows.end()) {
        throw InputError{fmt::format(
            "{}: column '{}' is {} in row {} ({} such rows, counted from 0), allowed: finite numbers, in rows that "
            "pass the cuts",
            table.file.string(), name, column[*bad], *bad, std::ranges::count_if(rows, is_bad))};
    }
}

/// Appends the chosen columns of the rows that pass the cuts, in shuffled order.
void append(const NamedTable& source, const ColumnChoice& choice, kernels::Table& table) {
    const std::vector<std::size_t> passing = passing_rows(source.numbers, choice.cuts, source.file);
    const auto column = [&](const std::string& name, const char* key) -> const std::vector<float>& {
        const std::vector<float>& found = find_column(source.numbers, name, key, source.file);
        check_finite(source, name, found, passing);
        return found;
    };
    const std::vector<float>& labels = column(choice.label, "label");
    const std::vector<float>* const weights = choice.weight.empty() ? nullptr : &column(choice.weight, "weight");
    std::vector<const std::vector<float>*> features;
    for (const std::string& name : choice.features) {
        features.push_back(&column(name, "features"));
    }
    for (const std::size_t row : shuffled(passing)) {
        table.labels.push_back(labels[row]);
        if (weights != nullptr) {
            table.weights.push_back((*weights)[row]);
        }
        for (const std::vector<float>* feature : features) {
            table.values.push_back((*feature)[row]);
        }
    }
}

int count_classes(const std::vector<float>& labels) {
    const float largest = labels.empty() ? 0 : std::ranges::max(labels);
    // What is no class number is refused by kernels::check().
    return largest >= 1 && largest < kernels::max_width ? static_cast<int>(largest) + 1 : 2;
}

/// A score of one class alone says nothing.
void check_parts(const EventData& data, const fs::path& file) {
    const auto classes = static_cast<std::size_t>(data.table.classes);
    for (std::size_t fold = 0; fold < data.folds.size(); ++fold) {
        std::array<std::vector<bool>, 2> seen{std::vector<bool>(classes), std::vector<bool>(classes)};
        for (int row = 0; row < data.table.rows(); ++row) {
            const bool validates = row >= data.folds[fold].validation_begin && row < data.folds[fold].validation_end;
            const auto label = static_cast<std::size_t>(data.table.labels[static_cast<std::size_t>(row)]);
            seen[validates ? 1 : 0][label] = true;
        }
        for (const std::size_t part : {0U, 1U}) {
            const auto missing = std::ranges::find(seen[part], false);
            if (missing != seen[part].end()) {
                throw InputError{fmt::format("{}: the {} part of fold {} has no row of class {}, allowed: each class",
                                             file.string(), part == 0 ? "training" : "validation", fold,
                                             missing - seen[part].begin())};
            }
        }
    }
}

/// How rows of the only file validate.
struct Split {
    int folds;        ///< 0: the last rows do
    double fraction;  ///< of all rows, then
};

Split read_split(int rows, ParameterReader& reader) {
    const auto folds = static_cast<int>(std::min<std::size_t>(reader.count("folds", 0, 0), 1000));
    const double fraction = reader.number_between("validation_fraction", 0.2, 0.0, 0.95);
    if (folds == 1 || folds > rows) {
        throw InputError{fmt::format(
            "model_config.param key 'folds' is {}, allowed: 0 for one split, or 2 to the number of rows, {}", folds,
            rows)};
    }
    return {folds, fraction};
}

std::vector<kernels::Fold> split(int rows, ParameterReader& reader) {
    const auto [folds, fraction] = read_split(rows, reader);
    return folds > 0 ? kernels::k_folds(rows, folds)
                     : kernels::single_split(rows, static_cast<int>(std::lround(fraction * rows)));
}

bool is_regression(ParameterReader& reader) {
    return reader.choice("task", "classification", tasks) == "regression";
}

void check_table(const kernels::Table& table, const fs::path& file) {
    try {
        kernels::check(table);
    } catch (const std::invalid_argument& error) {
        throw InputError{fmt::format("{}: {}", file.string(), error.what())};
    }
}

/// Where the data are.
struct Source {
    fs::path file;
    fs::path validation_file;  ///< empty: none
    std::string path;          ///< in HDF5
};

Source read_source(const json& param, const fs::path& data_folder) {
    ParameterReader reader{"model_config.param", "mlp", param};
    const std::string name = reader.text("data", "");
    const std::string validation_name = reader.text("validation_data", "");
    if (name.empty()) {
        throw InputError{"model_config.param has no key 'data', allowed: an HDF5 or CSV file below the data folder"};
    }
    for (const char* other : {"validation_fraction", "folds"}) {
        if (!validation_name.empty() && param.contains(other)) {
            throw InputError{
                fmt::format("model_config.param has the keys 'validation_data' and '{}', allowed: one of them", other)};
        }
    }
    const auto place = [&](const std::string& one) { return (data_folder / one).lexically_normal(); };
    return {place(name), validation_name.empty() ? fs::path{} : place(validation_name), reader.text("table", "/")};
}

NumberTable read_table(const fs::path& file, const std::string& path, const json& param, TablePart part) {
    if (file.extension() != ".h5" && file.extension() != ".hdf5") {
        return read_csv(file, part);
    }
    const auto needed = needed_columns(param);
    const auto wanted = [&](std::string_view column) { return !needed || needed->contains(column); };
    return read_hdf5(file, path, wanted, part);
}

/// A pipe gives what it has once, and to whoever trains with it.
bool can_be_looked_into(const fs::path& file) {
    std::error_code error;
    return !fs::exists(file, error) || fs::is_regular_file(file, error);
}

void check_columns(const NamedTable& table, const ColumnChoice& choice) {
    static_cast<void>(find_column(table.numbers, choice.label, "label", table.file));
    if (!choice.weight.empty()) {
        static_cast<void>(find_column(table.numbers, choice.weight, "weight", table.file));
    }
    for (const std::string& name : choice.features) {
        static_cast<void>(find_column(table.numbers, name, "features", table.file));
    }
    for (const Cut& cut : choice.cuts) {
        static_cast<void>(find_column(table.numbers, cut.column, "cuts", table.file));
    }
}

/// The fewest rows that could be used: two in each part, one of each class.
EventData stand_in(std::vector<std::string> features, int folds, bool regression) {
    EventData data;
    data.features = std::move(features);
    data.table.features = static_cast<int>(data.features.size());
    data.table.classes = regression ? 0 : 2;
    const int rows = 2 * std::max(2, folds);
    for (int row = 0; row < rows; ++row) {
        const auto label = static_cast<float>(row % 2);
        data.table.labels.push_back(label);
        data.table.values.insert(data.table.values.end(), data.features.size(), label);
    }
    data.folds = folds > 0 ? kernels::k_folds(rows, folds) : kernels::single_split(rows, 2);
    return data;
}

}  // namespace

std::span<const std::string_view> data_keys() {
    return keys;
}

EventData make_event_data(const NamedTable& all, const NamedTable* validation, const json& param) {
    ParameterReader reader{"model_config.param", "mlp", param};
    const ColumnChoice choice = read_column_choice(param, all.numbers, all.file);
    EventData data;
    data.features = choice.features;
    data.table.features = static_cast<int>(choice.features.size());
    append(all, choice, data.table);
    const int training_rows = data.table.rows();
    if (validation != nullptr) {
        append(*validation, choice, data.table);
        data.folds = {{training_rows, data.table.rows()}};
    } else {
        data.folds = split(training_rows, reader);
    }
    const bool regression = is_regression(reader);
    data.table.classes = regression ? 0 : count_classes(data.table.labels);
    check_table(data.table, all.file);
    if (!regression) {
        check_parts(data, all.file);
    }
    return data;
}

EventData read_event_data(const json& param, const fs::path& data_folder) {
    const Source source = read_source(param, data_folder);
    const NumberTable numbers = read_table(source.file, source.path, param, TablePart::numbers);
    const NamedTable all{numbers, source.file};
    if (source.validation_file.empty()) {
        return make_event_data(all, nullptr, param);
    }
    const NumberTable validation_numbers = read_table(source.validation_file, source.path, param, TablePart::numbers);
    const NamedTable validation{validation_numbers, source.validation_file};
    return make_event_data(all, &validation, param);
}

EventData outline_event_data(const json& param, const fs::path& data_folder) {
    const Source source = read_source(param, data_folder);
    ParameterReader reader{"model_config.param", "mlp", param};
    ColumnChoice choice;
    choice.features = {"unknown"};
    std::size_t rows = std::numeric_limits<int>::max();
    if (can_be_looked_into(source.file)) {
        const NumberTable table = read_table(source.file, source.path, param, TablePart::outline);
        choice = read_column_choice(param, table, source.file);
        check_columns({table, source.file}, choice);
        rows = table.lengths.empty() ? rows : table.lengths.front();
        if (!source.validation_file.empty() && can_be_looked_into(source.validation_file)) {
            const NumberTable other = read_table(source.validation_file, source.path, param, TablePart::outline);
            check_columns({other, source.validation_file}, choice);
        }
    }
    const Split split =
        read_split(static_cast<int>(std::min<std::size_t>(rows, std::numeric_limits<int>::max())), reader);
    EventData data = stand_in(std::move(choice.features), split.folds, is_regression(reader));
    check_table(data.table, source.file);
    return data;
}

}  // namespace hpogrid::trials
