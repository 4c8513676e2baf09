#include "kernels/api/dense.hpp"

#include "kernels/host/kernels.hpp"
#include "kernels/host/matrix_product.hpp"

namespace hpogrid::kernels::host {
namespace {

void add_column_sums(const Matrix<const float>& matrix, int rows, int columns, std::span<float> sums) {
    dispatch([&](auto) {
        for (int i = 0; i < rows; ++i) {
            const float* row = matrix.row(i);
            for (int j = 0; j < columns; ++j) {
                sums[static_cast<std::size_t>(j)] += row[j];
            }
        }
    });
}

}  // namespace

void run(const DenseForward& args, Place place) {
    const auto& [settings, progress] = row_of(args, place);
    const auto inputs = args.inputs[place.lane];
    const auto weights = args.weights[place.slot];
    const auto outputs = args.outputs[place.lane];
    multiply({.rows = rows_at_work(progress, args.phase),
              .columns = active_columns(settings, args.layer),
              .depth = args.layer == 0 ? weights.columns : active_units(settings, args.layer - 1),
              .a = {inputs.values, inputs.columns, 1},
              .b = {weights.values, 1, weights.columns},
              .start = args.biases[place.slot].data(),
              .start_stride = 0,
              .c = outputs.values,
              .c_stride = outputs.columns});
}

void run(const DenseWeightGradient& args, Place place) {
    const auto& [settings, progress] = row_of(args, place);
    const int rows = rows_at_work(progress, Phase::training);
    const int units = active_units(settings, args.layer);
    const auto inputs = args.inputs[place.lane];
    const auto output_gradients = args.output_gradients[place.lane];
    const auto weight_gradients = args.weight_gradients[place.slot];
    multiply({.rows = units,
              .columns = args.layer == 0 ? inputs.columns : active_columns(settings, args.layer - 1),
              .depth = rows,
              .a = {output_gradients.values, 1, output_gradients.columns},
              .b = {inputs.values, inputs.columns, 1},
              .start = weight_gradients.values,
              .start_stride = weight_gradients.columns,
              .c = weight_gradients.values,
              .c_stride = weight_gradients.columns});
    add_column_sums(output_gradients, rows, units, args.bias_gradients[place.slot]);
}

void run(const DenseInputGradient& args, Place place) {
    static constexpr float zeros[max_width]{};
    const auto& [settings, progress] = row_of(args, place);
    const auto output_gradients = args.output_gradients[place.lane];
    const auto weights = args.weights[place.slot];
    const auto input_gradients = args.input_gradients[place.lane];
    multiply({.rows = rows_at_work(progress, Phase::training),
              .columns = active_columns(settings, args.layer - 1),
              .depth = active_units(settings, args.layer),
              .a = {output_gradients.values, output_gradients.columns, 1},
              .b = {weights.values, weights.columns, 1},
              .start = zeros,
              .start_stride = 0,
              .c = input_gradients.values,
              .c_stride = input_gradients.columns});
}

}  // namespace hpogrid::kernels::host
