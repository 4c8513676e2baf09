#pragma once

#include <string>
#include <vector>

#include "kernels/api/data_view.hpp"
#include "kernels/trainer/device_array.hpp"

namespace hpogrid::kernels {

/// A table of events in memory.
struct Table {
    int features{0};
    std::vector<float> values;   ///< [row][feature]
    std::vector<float> labels;   ///< [row]; class number 0 … classes − 1, or the target of a regression
    std::vector<float> weights;  ///< [row]; empty: 1 each
    int classes{2};              ///< 0: regression

    [[nodiscard]] int rows() const { return static_cast<int>(labels.size()); }
};

/// \throws std::invalid_argument that names row, value and what is allowed: other lengths, values that are not finite,
/// labels that are no class, a class without rows, weights that do not sum to more than zero
void check(const Table& table);

/// The last `validation_rows` rows validate.
[[nodiscard]] std::vector<Fold> single_split(int rows, int validation_rows);
/// Each of `count` equal shares of the rows validates once.
[[nodiscard]] std::vector<Fold> k_folds(int rows, int count);

/// A table on a device, with the mean and the standard deviation of each feature in the training part of each fold.
/// Rows are taken as they come: shuffle a sorted table before.
class DataSet {
  public:
    /// \throws std::invalid_argument from check(), or for a fold that leaves nothing to train or to validate with
    DataSet(Backend& backend, const Table& table, std::vector<Fold> folds);

    [[nodiscard]] DataView view() const;
    [[nodiscard]] int features() const { return features_; }
    [[nodiscard]] int classes() const { return classes_; }
    /// Logits that a network needs: one, or one a class if there are more than two.
    [[nodiscard]] int outputs() const { return classes_ > 2 ? classes_ : 1; }
    [[nodiscard]] int rows() const { return rows_; }
    [[nodiscard]] const std::vector<Fold>& folds() const { return folds_; }
    [[nodiscard]] int training_rows(int fold) const;
    [[nodiscard]] int most_validation_rows() const;
    /// What the kernels subtract and multiply by: [feature], for whoever applies a trained network.
    [[nodiscard]] std::vector<float> means(int fold) const;
    [[nodiscard]] std::vector<float> scales(int fold) const;

    [[nodiscard]] std::span<const int> device_training_rows() const { return training_rows_.span(); }
    [[nodiscard]] std::span<const int> device_validation_rows() const { return validation_rows_.span(); }

  private:
    int features_;
    int columns_;
    int classes_;
    int rows_;
    std::vector<Fold> folds_;
    DeviceArray<float> values_;
    DeviceArray<float> labels_;
    DeviceArray<float> weights_;
    DeviceArray<Fold> device_folds_;
    DeviceArray<int> training_rows_;
    DeviceArray<int> validation_rows_;
    DeviceArray<float> means_;
    DeviceArray<float> scales_;
    DeviceArray<float> weight_scales_;
};

}  // namespace hpogrid::kernels
