#include "kernels/api/batch_norm.hpp"

#include <array>
#include <cmath>

#include "kernels/host/kernels.hpp"

namespace hpogrid::kernels::host {
namespace {

using Units = std::array<float, max_width>;

/// Calls work(row, unit) for a micro-batch, units innermost: rows are added up in their order.
template <class Work>
void for_units(int rows, std::size_t units, const Work& work) {
    for (int i = 0; i < rows; ++i) {
        for (std::size_t j = 0; j < units; ++j) {
            work(i, j);
        }
    }
}

void move_towards(std::span<float> running, const Units& newest, float factor, std::size_t units) {
    for (std::size_t j = 0; j < units; ++j) {
        running[j] += batch_norm_momentum * (newest[j] * factor - running[j]);
    }
}

void normalize_micro_batch(const BatchNormForward& args, Place place, int rows, std::size_t units) {
    const Matrix<float> values = args.values[place.lane];
    const Matrix<float> normalized = args.normalized[place.lane];
    const auto scales = args.scales[place.lane];
    const auto gains = args.gains[place.slot];
    const auto shifts = args.shifts[place.slot];
    const auto count = static_cast<float>(rows);
    Units means{};
    Units variances{};
    dispatch([&](auto) {
        for_units(rows, units, [&](int i, std::size_t j) { means[j] += values.row(i)[j]; });
        for (std::size_t j = 0; j < units; ++j) {
            means[j] /= count;
        }
        for_units(rows, units, [&](int i, std::size_t j) {
            const float distance = values.row(i)[j] - means[j];
            variances[j] += distance * distance;
        });
        for (std::size_t j = 0; j < units; ++j) {
            variances[j] /= count;
            scales[j] = 1.0F / std::sqrt(variances[j] + batch_norm_epsilon);
        }
        for_units(rows, units, [&](int i, std::size_t j) {
            const float n = (values.row(i)[j] - means[j]) * scales[j];
            normalized.row(i)[j] = n;
            values.row(i)[j] = n * gains[j] + shifts[j];
        });
        if (rows > 1) {
            move_towards(args.means[place.slot], means, 1.0F, units);
            move_towards(args.variances[place.slot], variances, count / (count - 1.0F), units);
        }
    });
}

void normalize_by_running_statistics(const BatchNormForward& args, Place place, int rows, std::size_t units) {
    const Matrix<float> values = args.values[place.lane];
    const auto gains = args.gains[place.slot];
    const auto shifts = args.shifts[place.slot];
    const auto means = args.means[place.slot];
    const auto variances = args.variances[place.slot];
    dispatch([&](auto) {
        for_units(rows, units, [&](int i, std::size_t j) {
            const float scale = 1.0F / std::sqrt(variances[j] + batch_norm_epsilon);
            values.row(i)[j] = (values.row(i)[j] - means[j]) * scale * gains[j] + shifts[j];
        });
    });
}

}  // namespace

void run(const BatchNormForward& args, Place place) {
    const auto& [settings, progress] = row_of(args, place);
    const auto units = static_cast<std::size_t>(active_units(settings, args.layer));
    const int rows = rows_at_work(progress, args.phase);
    if (args.phase == Phase::training) {
        normalize_micro_batch(args, place, rows, units);
    } else {
        normalize_by_running_statistics(args, place, rows, units);
    }
}

void run(const BatchNormBackward& args, Place place) {
    const auto& [settings, progress] = row_of(args, place);
    const auto units = static_cast<std::size_t>(active_units(settings, args.layer));
    const int rows = rows_at_work(progress, Phase::training);
    const Matrix<float> gradients = args.gradients[place.lane];
    const Matrix<const float> normalized = args.normalized[place.lane];
    const auto scales = args.scales[place.lane];
    const auto gains = args.gains[place.slot];
    const auto gain_gradients = args.gain_gradients[place.slot];
    const auto shift_gradients = args.shift_gradients[place.slot];
    const auto count = static_cast<float>(rows);
    Units sums{};
    Units projections{};
    dispatch([&](auto) {
        for_units(rows, units, [&](int i, std::size_t j) {
            sums[j] += gradients.row(i)[j];
            projections[j] += gradients.row(i)[j] * normalized.row(i)[j];
        });
        for (std::size_t j = 0; j < units; ++j) {
            gain_gradients[j] += projections[j];
            shift_gradients[j] += sums[j];
        }
        for_units(rows, units, [&](int i, std::size_t j) {
            const float centred = gradients.row(i)[j] - sums[j] / count - normalized.row(i)[j] * projections[j] / count;
            gradients.row(i)[j] = scales[j] * gains[j] * centred;
        });
    });
}

}  // namespace hpogrid::kernels::host
