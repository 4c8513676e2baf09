#pragma once

#include <cstdint>
#include <span>

#include "kernels/api/arrays.hpp"
#include "kernels/api/data_view.hpp"
#include "kernels/api/slot_table.hpp"

namespace hpogrid::kernels {

/// What one pass over the validation part tells. NaN: does not apply to the loss, or is not defined.
struct SlotMetrics {
    double loss{0};              ///< weighted mean
    double accuracy{0};          ///< weighted share of rows whose most probable class is theirs
    double auc{0};               ///< weighted area under the ROC curve; two classes only
    double significance{0};      ///< s/√b at the best cut; two classes only
    double significance_cut{0};  ///< keeps rows whose probability of being signal is at least this
    double asimov{0};            ///< √(2((s + b)·ln(1 + s/b) − s)) at its best cut; two classes only
    double asimov_cut{0};

    friend bool operator==(const SlotMetrics&, const SlotMetrics&) = default;
};

/// Scores of all validation rows to metrics. s and b are sums of weights above a cut, scaled from the validation part
/// to the whole data set for each class, so that weights that sum to the expected yields give the expected
/// significance. A cut must keep at least `min_background_rows` rows of background: below that b, and with it the
/// significance, is a fluctuation. Source of the Asimov significance: Cowan, Cranmer, Gross, Vitells, Eur. Phys. J. C
/// 71 (2011) 1554, equation 97 (in its form for counting experiments).
struct ComputeMetrics {
    std::span<const SlotRow> table;  ///< [slot]
    DataView data;
    MatrixBatch<const float> logits;    ///< [slot][validation row][output]
    VectorBatch<std::uint32_t> orders;  ///< working memory, [lane][validation row]
    std::span<SlotMetrics> metrics;     ///< out, [slot]
};

/// 10 rows know b to about 32 %.
inline constexpr int min_background_rows = 10;

}  // namespace hpogrid::kernels
