#include "kernels/trainer/data_set.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>
#include <stdexcept>

#include "kernels/api/slot_table.hpp"

namespace hpogrid::kernels {
namespace {

[[noreturn]] void refuse(const std::string& sentence) {
    throw std::invalid_argument{sentence};
}

void check_lengths(const Table& table) {
    if (table.features < 1 || table.features > max_width) {
        refuse("the table has " + std::to_string(table.features) + " features, allowed: 1 to " +
               std::to_string(max_width));
    }
    if (table.labels.empty()) {
        refuse("the table has no rows");
    }
    if (table.values.size() != table.labels.size() * static_cast<std::size_t>(table.features)) {
        refuse("the table has " + std::to_string(table.values.size()) + " values, allowed: " +
               std::to_string(table.features) + " for each of " + std::to_string(table.labels.size()) + " labels");
    }
    if (!table.weights.empty() && table.weights.size() != table.labels.size()) {
        refuse("the table has " + std::to_string(table.weights.size()) + " weights, allowed: one for each of " +
               std::to_string(table.labels.size()) + " rows, or none");
    }
}

void check_finite(const std::vector<float>& values, const std::string& what, int columns) {
    const auto bad = std::ranges::find_if(values, [](float value) { return !std::isfinite(value); });
    if (bad != values.end()) {
        const auto row = (bad - values.begin()) / columns;
        refuse("row " + std::to_string(row) + " of the table has a " + what + " of " + std::to_string(*bad) +
               ", allowed: finite numbers");
    }
}

void check_classes(const Table& table) {
    if (table.classes == 0) {
        return;
    }
    if (table.classes < 2 || table.classes > max_width) {
        refuse("the table has " + std::to_string(table.classes) + " classes, allowed: 2 to " +
               std::to_string(max_width) + ", or 0 for a regression");
    }
    std::vector<bool> seen(static_cast<std::size_t>(table.classes));
    for (std::size_t row = 0; row < table.labels.size(); ++row) {
        const float label = table.labels[row];
        if (label < 0 || label >= static_cast<float>(table.classes) || label != std::floor(label)) {
            refuse("row " + std::to_string(row) + " of the table has label " + std::to_string(label) +
                   ", allowed: whole numbers from 0 to " + std::to_string(table.classes - 1));
        }
        seen[static_cast<std::size_t>(label)] = true;
    }
    const auto missing = std::ranges::find(seen, false);
    if (missing != seen.end()) {
        refuse("the table has no row of class " + std::to_string(missing - seen.begin()) + ", allowed: each of " +
               std::to_string(table.classes) + " classes at least once");
    }
}

/// [row][feature], padded with zeros.
std::vector<float> pad_columns(const Table& table, int columns) {
    std::vector<float> values(table.labels.size() * static_cast<std::size_t>(columns));
    for (std::size_t row = 0; row < table.labels.size(); ++row) {
        std::copy_n(&table.values[row * static_cast<std::size_t>(table.features)], table.features,
                    &values[row * static_cast<std::size_t>(columns)]);
    }
    return values;
}

/// Means and 1 / standard deviation of the training part, each [feature].
struct Moments {
    std::vector<float> means;
    std::vector<float> scales;
};

Moments training_moments(const Table& table, const Fold& fold) {
    const int rows = fold.training_rows(table.rows());
    const auto features = static_cast<std::size_t>(table.features);
    std::vector<double> sums(features);
    std::vector<double> squares(features);
    const auto value = [&](int index, std::size_t feature) {
        return double{table.values[static_cast<std::size_t>(fold.training_row(index)) * features + feature]};
    };
    for (int i = 0; i < rows; ++i) {
        for (std::size_t j = 0; j < features; ++j) {
            sums[j] += value(i, j);
        }
    }
    for (int i = 0; i < rows; ++i) {
        for (std::size_t j = 0; j < features; ++j) {
            squares[j] += std::pow(value(i, j) - sums[j] / rows, 2);
        }
    }
    Moments moments;
    for (std::size_t j = 0; j < features; ++j) {
        const double deviation = std::sqrt(squares[j] / rows);
        moments.means.push_back(static_cast<float>(sums[j] / rows));
        // A feature that is constant in the training part tells nothing: it becomes zero.
        moments.scales.push_back(deviation > 0 ? static_cast<float>(1 / deviation) : 0.0F);
    }
    return moments;
}

double weight_sum(const std::vector<float>& weights, int begin, int end) {
    return std::accumulate(weights.begin() + begin, weights.begin() + end, 0.0);
}

}  // namespace

void check(const Table& table) {
    check_lengths(table);
    check_finite(table.values, "feature", table.features);
    check_finite(table.labels, "label", 1);
    check_finite(table.weights, "weight", 1);
    check_classes(table);
}

std::vector<Fold> single_split(int rows, int validation_rows) {
    return {{rows - validation_rows, rows}};
}

std::vector<Fold> k_folds(int rows, int count) {
    std::vector<Fold> folds;
    for (std::int64_t i = 0; i < count; ++i) {
        folds.push_back({static_cast<int>(rows * i / count), static_cast<int>(rows * (i + 1) / count)});
    }
    return folds;
}

DataSet::DataSet(Backend& backend, const Table& table, std::vector<Fold> folds)
    : features_{table.features},
      columns_{padded(table.features)},
      classes_{table.classes},
      rows_{table.rows()},
      folds_{std::move(folds)} {
    check(table);
    std::vector<float> weights = table.weights;
    weights.resize(table.labels.size(), 1.0F);
    std::vector<int> training_rows;
    std::vector<int> validation_rows;
    std::vector<float> means(folds_.size() * static_cast<std::size_t>(columns_));
    std::vector<float> scales(means.size());
    std::vector<float> weight_scales;
    for (std::size_t i = 0; i < folds_.size(); ++i) {
        const Fold& fold = folds_[i];
        training_rows.push_back(fold.training_rows(rows_));
        validation_rows.push_back(fold.validation_rows());
        if (fold.validation_begin < 0 || fold.validation_end > rows_ || training_rows.back() < 1 ||
            validation_rows.back() < 1) {
            refuse("rows " + std::to_string(fold.validation_begin) + " to " + std::to_string(fold.validation_end) +
                   " validate, allowed: at least one of the table's " + std::to_string(rows_) +
                   " rows, and at least one is left to train with");
        }
        const double validation_weight = weight_sum(weights, fold.validation_begin, fold.validation_end);
        const double training_weight = weight_sum(weights, 0, rows_) - validation_weight;
        if (training_weight <= 0 || validation_weight <= 0) {
            refuse("weights sum to " + std::to_string(training_weight) + " in the training part and to " +
                   std::to_string(validation_weight) + " in the validation part, allowed: more than 0");
        }
        weight_scales.push_back(static_cast<float>(training_rows.back() / training_weight));
        const Moments moments = training_moments(table, fold);
        std::ranges::copy(moments.means, &means[i * static_cast<std::size_t>(columns_)]);
        std::ranges::copy(moments.scales, &scales[i * static_cast<std::size_t>(columns_)]);
    }
    values_ = {backend, std::span<const float>{pad_columns(table, columns_)}};
    labels_ = {backend, std::span<const float>{table.labels}};
    weights_ = {backend, std::span<const float>{weights}};
    device_folds_ = {backend, std::span<const Fold>{folds_}};
    training_rows_ = {backend, std::span<const int>{training_rows}};
    validation_rows_ = {backend, std::span<const int>{validation_rows}};
    means_ = {backend, std::span<const float>{means}};
    scales_ = {backend, std::span<const float>{scales}};
    weight_scales_ = {backend, std::span<const float>{weight_scales}};
}

DataView DataSet::view() const {
    const auto folds = static_cast<int>(folds_.size());
    return {.features = {values_.span().data(), rows_, columns_},
            .labels = labels_.span(),
            .weights = weights_.span(),
            .folds = device_folds_.span(),
            .means = {means_.span().data(), folds, columns_},
            .scales = {scales_.span().data(), folds, columns_},
            .weight_scales = weight_scales_.span()};
}

int DataSet::training_rows(int fold) const {
    return folds_.at(static_cast<std::size_t>(fold)).training_rows(rows_);
}

int DataSet::most_validation_rows() const {
    return std::ranges::max(folds_, {}, &Fold::validation_rows).validation_rows();
}

std::vector<float> DataSet::means(int fold) const {
    return means_.read(static_cast<std::size_t>(fold * columns_), static_cast<std::size_t>(features_));
}

std::vector<float> DataSet::scales(int fold) const {
    return scales_.read(static_cast<std::size_t>(fold * columns_), static_cast<std::size_t>(features_));
}

}  // namespace hpogrid::kernels
