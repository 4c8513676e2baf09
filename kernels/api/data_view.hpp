#pragma once

#include <span>

#include "kernels/api/arrays.hpp"

namespace hpogrid::kernels {

/// One division of the rows: those in [validation_begin, validation_end) validate, all others train.
struct Fold {
    int validation_begin{0};
    int validation_end{0};

    [[nodiscard]] constexpr int validation_rows() const { return validation_end - validation_begin; }
    [[nodiscard]] constexpr int training_rows(int rows) const { return rows - validation_rows(); }
    /// The row of the data set that is training row `index`.
    [[nodiscard]] constexpr int training_row(int index) const {
        return index < validation_begin ? index : index + validation_rows();
    }
};

/// The data set on a device, as read; each fold standardises by its own training part.
struct DataView {
    Matrix<const float> features;          ///< [row][feature], padded with zeros to a multiple of `padding`
    std::span<const float> labels;         ///< [row]; class number, 0/1, or target
    std::span<const float> weights;        ///< [row]; of an event, may be negative
    std::span<const Fold> folds;           ///< [fold]
    Matrix<const float> means;             ///< [fold][feature]; 0 where padded
    Matrix<const float> scales;            ///< [fold][feature]; 1 / standard deviation; 0 where padded or constant
    std::span<const float> weight_scales;  ///< [fold]; brings the mean weight of the training part to 1
};

}  // namespace hpogrid::kernels
