#include "kernels/api/layer_norm.hpp"

#include <cmath>

#include "kernels/host/kernels.hpp"

namespace hpogrid::kernels::host {

void run(const LayerNormForward& args, Place place) {
    const auto& [settings, progress] = row_of(args, place);
    const auto gains = args.gains[place.slot];
    const auto shifts = args.shifts[place.slot];
    const auto scales = args.scales[place.lane];
    const auto units = static_cast<std::size_t>(active_units(settings, args.layer));
    const int rows = rows_at_work(progress, args.phase);
    dispatch([&](auto) {
        for (int i = 0; i < rows; ++i) {
            float* values = args.values[place.lane].row(i);
            float* normalized = args.normalized[place.lane].row(i);
            float sum = 0;
#pragma omp simd reduction(+ : sum)
            for (std::size_t j = 0; j < units; ++j) {
                sum += values[j];
            }
            const float mean = sum / static_cast<float>(units);
            float squares = 0;
#pragma omp simd reduction(+ : squares)
            for (std::size_t j = 0; j < units; ++j) {
                squares += (values[j] - mean) * (values[j] - mean);
            }
            const float scale = 1.0F / std::sqrt(squares / static_cast<float>(units) + layer_norm_epsilon);
            scales[static_cast<std::size_t>(i)] = scale;
            for (std::size_t j = 0; j < units; ++j) {
                normalized[j] = (values[j] - mean) * scale;
                values[j] = normalized[j] * gains[j] + shifts[j];
            }
        }
    });
}

void run(const LayerNormBackward& args, Place place) {
    const auto& [settings, progress] = row_of(args, place);
    const auto gains = args.gains[place.slot];
    const auto gain_gradients = args.gain_gradients[place.slot];
    const auto shift_gradients = args.shift_gradients[place.slot];
    const auto units = static_cast<std::size_t>(active_units(settings, args.layer));
    const int rows = rows_at_work(progress, Phase::training);
    dispatch([&](auto) {
        for (int i = 0; i < rows; ++i) {
            float* gradients = args.gradients[place.lane].row(i);
            const float* normalized = args.normalized[place.lane].row(i);
            float sum = 0;
            float projection = 0;
#pragma omp simd reduction(+ : sum, projection)
            for (std::size_t j = 0; j < units; ++j) {
                sum += gradients[j] * gains[j];
                projection += gradients[j] * gains[j] * normalized[j];
            }
            for (std::size_t j = 0; j < units; ++j) {
                gain_gradients[j] += gradients[j] * normalized[j];
                shift_gradients[j] += gradients[j];
            }
            const float mean = sum / static_cast<float>(units);
            const float slope = projection / static_cast<float>(units);
            const float scale = args.scales[place.lane][static_cast<std::size_t>(i)];
            for (std::size_t j = 0; j < units; ++j) {
                gradients[j] = scale * (gradients[j] * gains[j] - mean - normalized[j] * slope);
            }
        }
    });
}

}  // namespace hpogrid::kernels::host
