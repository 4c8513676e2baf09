#include "kernels/api/gather.hpp"

#include "kernels/api/permutation.hpp"
#include "kernels/host/kernels.hpp"

namespace hpogrid::kernels::host {
namespace {

void standardize(const float* features, const float* means, const float* scales, int count, float* out) {
    for (int i = 0; i < count; ++i) {
        out[i] = (features[i] - means[i]) * scales[i];
    }
}

}  // namespace

void run(const Gather& args, Place place) {
    const SlotSettings& settings = row_of(args, place).settings;
    const SlotProgress& progress = row_of(args, place).progress;
    const auto fold_index = static_cast<std::size_t>(settings.fold);
    const Fold fold = args.data.folds[fold_index];
    const int training_rows = fold.training_rows(args.data.features.rows);
    const Permutation shuffled{settings.key, static_cast<std::uint32_t>(progress.epoch),
                               static_cast<std::uint32_t>(training_rows)};
    const float weight_scale = args.phase == Phase::training ? args.data.weight_scales[fold_index] : 1.0F;
    const auto row_at = [&](int index) {
        if (args.phase == Phase::validation) {
            return fold.validation_begin + progress.validation_position + index;
        }
        return fold.training_row(static_cast<int>(shuffled(static_cast<std::uint32_t>(progress.position + index))));
    };

    const Matrix<float> inputs = args.inputs[place.lane];
    const auto labels = args.labels[place.lane];
    const auto weights = args.weights[place.lane];
    const int rows = rows_at_work(progress, args.phase);
    for (int i = 0; i < rows; ++i) {
        const int row = row_at(i);
        standardize(args.data.features.row(row), args.data.means.row(settings.fold),
                    args.data.scales.row(settings.fold), inputs.columns, inputs.row(i));
        labels[static_cast<std::size_t>(i)] = args.data.labels[static_cast<std::size_t>(row)];
        weights[static_cast<std::size_t>(i)] = args.data.weights[static_cast<std::size_t>(row)] * weight_scale;
    }
}

}  // namespace hpogrid::kernels::host
