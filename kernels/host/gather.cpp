#include "kernels/api/gather.hpp"

#include <numeric>

#include "kernels/api/permutation.hpp"
#include "kernels/host/kernels.hpp"

namespace hpogrid::kernels::host {
namespace {

void standardize(const float* features, const float* means, const float* scales, int count, float* out) {
    for (int i = 0; i < count; ++i) {
        out[i] = (features[i] - means[i]) * scales[i];
    }
}

/// Rows of the data set for the micro-batch at hand.
/// \param rows out, [row]
void choose_rows(const Gather& args, const SlotRow& slot, std::span<std::uint32_t> rows) {
    const SlotProgress& progress = slot.progress;
    const Fold fold = args.data.folds[static_cast<std::size_t>(slot.settings.fold)];
    if (args.phase == Phase::validation) {
        std::iota(rows.begin(), rows.end(),
                  static_cast<std::uint32_t>(fold.validation_begin + progress.validation_position));
        return;
    }
    const auto training_rows = static_cast<std::uint32_t>(fold.training_rows(args.data.features.rows));
    const Permutation shuffled{slot.settings.key, static_cast<std::uint32_t>(progress.epoch), training_rows};
    dispatch([&](auto) {
        const auto position = static_cast<std::uint32_t>(progress.position);
        const auto count = static_cast<std::uint32_t>(rows.size());
        for (std::uint32_t i = 0; i < count; ++i) {
            rows[i] = shuffled.first(position + i);
        }
    });
    for (std::uint32_t& row : rows) {
        row = static_cast<std::uint32_t>(fold.training_row(static_cast<int>(shuffled.walk(row))));
    }
}

}  // namespace

void run(const Gather& args, Place place) {
    const SlotRow& slot = row_of(args, place);
    const int fold = slot.settings.fold;
    const auto count = static_cast<std::size_t>(rows_at_work(slot.progress, args.phase));
    const auto rows = args.rows[place.lane].first(count);
    choose_rows(args, slot, rows);

    const float weight_scale =
        args.phase == Phase::training ? args.data.weight_scales[static_cast<std::size_t>(fold)] : 1.0F;
    const Matrix<float> inputs = args.inputs[place.lane];
    const auto labels = args.labels[place.lane];
    const auto weights = args.weights[place.lane];
    for (std::size_t i = 0; i < count; ++i) {
        const std::uint32_t row = rows[i];
        standardize(args.data.features.row(static_cast<int>(row)), args.data.means.row(fold),
                    args.data.scales.row(fold), inputs.columns, inputs.row(static_cast<int>(i)));
        labels[i] = args.data.labels[row];
        weights[i] = args.data.weights[row] * weight_scale;
    }
}

}  // namespace hpogrid::kernels::host
