#include "kernels/trainer/bucket_arrays.hpp"

namespace hpogrid::kernels {
namespace {

/// Makes views of a bucket's arrays.
class Views {
  public:
    explicit Views(const BucketArrays& arrays) : arrays_{&arrays} {}

    /// A layer's weights or their gradients: [slot][out][in].
    [[nodiscard]] MatrixBatch<float> weights(const DeviceArray<float>& parameters, int layer) const {
        const LayerPlace& at = place(layer);
        return {parameters.span().subspan(at.weights), arrays_->layout.size(), at.outputs, at.inputs};
    }
    /// A layer's biases, gains or shifts, or their gradients: [slot][out].
    [[nodiscard]] VectorBatch<float> vector(const DeviceArray<float>& parameters, std::size_t LayerPlace::*part,
                                            int layer) const {
        return {parameters.span().subspan(place(layer).*part), arrays_->layout.size(), place(layer).outputs};
    }
    /// All trained parameters of a slot, or what the optimiser keeps for each: [slot][parameter].
    [[nodiscard]] VectorBatch<float> flat(const DeviceArray<float>& parameters) const {
        return {parameters.span(), arrays_->layout.size(), static_cast<int>(arrays_->layout.trained())};
    }
    /// Running statistics: [slot][parameter].
    [[nodiscard]] VectorBatch<float> statistics() const {
        const std::size_t trained = arrays_->layout.trained();
        const std::size_t size = arrays_->layout.size();
        return {arrays_->parameters.span().subspan(trained), size, static_cast<int>(size - trained)};
    }
    /// [lane][row] with layer normalisation, [lane][unit] with batch normalisation.
    [[nodiscard]] VectorBatch<float> norm_scales(int layer) const {
        const int size = arrays_->norm_scales_size();
        return {arrays_->norm_scales[static_cast<std::size_t>(layer)].span(), static_cast<std::size_t>(size), size};
    }
    /// Working memory of a micro-batch: [lane][row][column].
    [[nodiscard]] MatrixBatch<float> rows(const DeviceArray<float>& memory, int columns) const {
        return {memory.span(), static_cast<std::size_t>(arrays_->micro_batch * columns), arrays_->micro_batch, columns};
    }
    /// Working memory of a micro-batch: [lane][row].
    template <class T>
    [[nodiscard]] VectorBatch<T> column(const DeviceArray<T>& memory) const {
        return {memory.span(), static_cast<std::size_t>(arrays_->micro_batch), arrays_->micro_batch};
    }
    [[nodiscard]] MatrixBatch<float> hidden(const std::vector<DeviceArray<float>>& memory, int layer) const {
        return rows(memory[static_cast<std::size_t>(layer)], arrays_->shape.width);
    }
    [[nodiscard]] MatrixBatch<float> logits() const { return rows(arrays_->logits, padded(arrays_->shape.outputs)); }
    /// What goes into a layer.
    [[nodiscard]] MatrixBatch<float> inputs(int layer) const {
        return layer == 0 ? rows(arrays_->inputs, padded(arrays_->shape.features))
                          : hidden(arrays_->activations, layer - 1);
    }
    /// ∂loss/∂z of a layer.
    [[nodiscard]] MatrixBatch<float> gradients(int layer) const {
        return layer == arrays_->shape.hidden_layers ? logits()
                                                     : rows(arrays_->unit_gradients[layer % 2], arrays_->shape.width);
    }
    [[nodiscard]] MatrixBatch<float> validation_logits() const {
        const int outputs = arrays_->shape.outputs;
        return {arrays_->validation_logits.span(), static_cast<std::size_t>(arrays_->most_validation_rows * outputs),
                arrays_->most_validation_rows, outputs};
    }

  private:
    [[nodiscard]] const LayerPlace& place(int layer) const {
        return arrays_->layout.layers()[static_cast<std::size_t>(layer)];
    }

    const BucketArrays* arrays_;
};

[[nodiscard]] MatrixBatch<const float> read_only(const MatrixBatch<float>& batch) {
    return {batch.values, batch.stride, batch.rows, batch.columns};
}
[[nodiscard]] VectorBatch<const float> read_only(const VectorBatch<float>& batch) {
    return {batch.values, batch.stride, batch.size};
}

void append_normalization(const BucketArrays& arrays, Phase phase, int layer, std::vector<Kernel>& kernels) {
    if (arrays.shape.normalization == Normalization::none) {
        return;
    }
    const Views views{arrays};
    const auto table = arrays.table.span();
    const auto vector = [&](std::size_t LayerPlace::*part) { return views.vector(arrays.parameters, part, layer); };
    const auto gains = read_only(vector(&LayerPlace::gains));
    const auto shifts = read_only(vector(&LayerPlace::shifts));
    const auto values = views.hidden(arrays.derivatives, layer);
    const auto normalized = views.hidden(arrays.normalized, layer);
    const auto scales = views.norm_scales(layer);
    if (arrays.shape.normalization == Normalization::layer) {
        kernels.push_back(LayerNormForward{table, phase, layer, gains, shifts, values, normalized, scales});
    } else {
        kernels.push_back(BatchNormForward{table, phase, layer, gains, shifts, vector(&LayerPlace::means),
                                           vector(&LayerPlace::variances), values, normalized, scales});
    }
}

void append_normalization_backward(const BucketArrays& arrays, int layer, std::vector<Kernel>& kernels) {
    if (arrays.shape.normalization == Normalization::none) {
        return;
    }
    const Views views{arrays};
    const auto append = [&](auto kernel) {
        kernel.table = arrays.table.span();
        kernel.layer = layer;
        kernel.gains = read_only(views.vector(arrays.parameters, &LayerPlace::gains, layer));
        kernel.normalized = read_only(views.hidden(arrays.normalized, layer));
        kernel.scales = read_only(views.norm_scales(layer));
        kernel.gradients = views.gradients(layer);
        kernel.gain_gradients = views.vector(arrays.gradients, &LayerPlace::gains, layer);
        kernel.shift_gradients = views.vector(arrays.gradients, &LayerPlace::shifts, layer);
        kernels.push_back(kernel);
    };
    if (arrays.shape.normalization == Normalization::layer) {
        append(LayerNormBackward{});
    } else {
        append(BatchNormBackward{});
    }
}

void append_forward(const BucketArrays& arrays, const DataSet& data, Phase phase, std::vector<Kernel>& kernels) {
    const Views views{arrays};
    const auto table = arrays.table.span();
    kernels.push_back(Gather{table, data.view(), phase, views.column(arrays.rows), views.inputs(0),
                             views.column(arrays.labels), views.column(arrays.weights)});
    for (int layer = 0; layer <= arrays.shape.hidden_layers; ++layer) {
        const bool hidden = layer < arrays.shape.hidden_layers;
        const auto sums = hidden ? views.hidden(arrays.derivatives, layer) : views.logits();
        kernels.push_back(DenseForward{table, phase, layer, read_only(views.inputs(layer)),
                                       read_only(views.weights(arrays.parameters, layer)),
                                       read_only(views.vector(arrays.parameters, &LayerPlace::biases, layer)), sums});
        if (hidden) {
            append_normalization(arrays, phase, layer, kernels);
            kernels.push_back(Activate{table, phase, layer, sums, views.hidden(arrays.activations, layer)});
        }
    }
}

void append_backward(const BucketArrays& arrays, std::vector<Kernel>& kernels) {
    const Views views{arrays};
    const auto table = arrays.table.span();
    for (int layer = arrays.shape.hidden_layers; layer >= 0; --layer) {
        const auto gradients = read_only(views.gradients(layer));
        kernels.push_back(DenseWeightGradient{table, layer, read_only(views.inputs(layer)), gradients,
                                              views.weights(arrays.gradients, layer),
                                              views.vector(arrays.gradients, &LayerPlace::biases, layer)});
        if (layer == 0) {
            break;
        }
        const int below = layer - 1;
        kernels.push_back(DenseInputGradient{
            table, layer, gradients, read_only(views.weights(arrays.parameters, layer)), views.gradients(below)});
        kernels.push_back(
            ActivateBackward{table, below, read_only(views.hidden(arrays.derivatives, below)), views.gradients(below)});
        append_normalization_backward(arrays, below, kernels);
    }
}

void append_gradients(const BucketArrays& arrays, const DataSet& data, std::vector<Kernel>& kernels) {
    const Views views{arrays};
    append_forward(arrays, data, Phase::training, kernels);
    kernels.push_back(LossGradient{arrays.table.span(), arrays.shape.hidden_layers, views.logits(),
                                   read_only(views.column(arrays.labels)), read_only(views.column(arrays.weights))});
    append_backward(arrays, kernels);
}

void append_step(const BucketArrays& arrays, const DataSet& data, std::vector<Kernel>& kernels) {
    const Views views{arrays};
    kernels.push_back(OptimizerStep{arrays.table.span(), data.device_training_rows(), views.flat(arrays.parameters),
                                    views.flat(arrays.gradients), views.flat(arrays.first_moments),
                                    views.flat(arrays.second_moments)});
    kernels.push_back(Advance{arrays.table.span(), Phase::training, data.device_training_rows(),
                              data.device_validation_rows(), arrays.micro_batch});
}

void append_enter(const BucketArrays& arrays, const DataSet& data, const BatchShare& share,
                  std::vector<Kernel>& kernels) {
    if (arrays.shape.normalization == Normalization::batch && share.replica > 0) {
        kernels.push_back(ClearStatistics{arrays.table.span(), Views{arrays}.statistics()});
    }
    kernels.push_back(EnterShare{arrays.table.span(), data.device_training_rows(), arrays.micro_batch, share});
}

}  // namespace

BucketArrays::BucketArrays(Backend& backend, const DataSet& data, const NetworkShape& network, int slot_count,
                           int most_rows)
    : shape{network},
      layout{network},
      slots{slot_count},
      lanes{backend.lanes(slot_count)},
      micro_batch{most_rows},
      most_validation_rows{data.most_validation_rows()} {
    const auto size = [](int count, std::size_t each) { return static_cast<std::size_t>(count) * each; };
    table = {backend, size(slots, 1)};
    for (auto* array : {&parameters, &gradients, &first_moments, &second_moments}) {
        *array = {backend, size(slots, layout.size())};
    }
    validation_logits = {backend, size(slots, static_cast<std::size_t>(most_validation_rows * shape.outputs))};
    metrics = {backend, size(slots, 1)};

    const auto most = static_cast<std::size_t>(micro_batch);
    const auto units = most * static_cast<std::size_t>(shape.width);
    rows = {backend, size(lanes, most)};
    inputs = {backend, size(lanes, most * static_cast<std::size_t>(padded(shape.features)))};
    labels = {backend, size(lanes, most)};
    weights = {backend, size(lanes, most)};
    logits = {backend, size(lanes, most * static_cast<std::size_t>(padded(shape.outputs)))};
    orders = {backend, size(lanes, static_cast<std::size_t>(most_validation_rows))};
    for (int layer = 0; layer < shape.hidden_layers; ++layer) {
        activations.emplace_back(backend, size(lanes, units));
        derivatives.emplace_back(backend, size(lanes, units));
        if (shape.normalization != Normalization::none) {
            normalized.emplace_back(backend, size(lanes, units));
            norm_scales.emplace_back(backend, size(lanes, static_cast<std::size_t>(norm_scales_size())));
        }
    }
    for (auto& array : unit_gradients) {
        array = {backend, size(lanes, units)};
    }
}

Plan training_plan(const BucketArrays& arrays, const DataSet& data) {
    Plan plan{arrays.table.span(), Phase::training, {}};
    append_gradients(arrays, data, plan.kernels);
    append_step(arrays, data, plan.kernels);
    return plan;
}

Plan share_plan(const BucketArrays& arrays, const DataSet& data, const BatchShare& share) {
    Plan plan{arrays.table.span(), Phase::training, {}};
    append_gradients(arrays, data, plan.kernels);
    if (arrays.shape.normalization == Normalization::batch) {
        plan.kernels.push_back(FadeStatistics{arrays.table.span(), data.device_training_rows(), arrays.micro_batch,
                                              share, Views{arrays}.statistics()});
    }
    plan.kernels.push_back(AdvanceInShare{arrays.table.span(), data.device_training_rows(), arrays.micro_batch, share});
    return plan;
}

Plan enter_plan(const BucketArrays& arrays, const DataSet& data, const BatchShare& share) {
    Plan plan{arrays.table.span(), Phase::training, {}};
    append_enter(arrays, data, share, plan.kernels);
    return plan;
}

Plan step_plan(const BucketArrays& arrays, const DataSet& data, const BatchShare& share) {
    Plan plan{arrays.table.span(), Phase::training, {}};
    append_step(arrays, data, plan.kernels);
    append_enter(arrays, data, share, plan.kernels);
    return plan;
}

Plan validation_plan(const BucketArrays& arrays, const DataSet& data, std::span<const int> ends) {
    const Views views{arrays};
    Plan plan{arrays.table.span(), Phase::validation, {}};
    append_forward(arrays, data, Phase::validation, plan.kernels);
    plan.kernels.push_back(StoreLogits{arrays.table.span(), read_only(views.logits()), views.validation_logits()});
    plan.kernels.push_back(
        Advance{arrays.table.span(), Phase::validation, data.device_training_rows(), ends, arrays.micro_batch});
    return plan;
}

ComputeMetrics metrics_kernel(const BucketArrays& arrays, const DataSet& data) {
    const Views views{arrays};
    const auto rows = static_cast<std::size_t>(arrays.most_validation_rows);
    return {arrays.table.span(),
            data.view(),
            read_only(views.validation_logits()),
            {arrays.orders.span(), rows, arrays.most_validation_rows},
            arrays.metrics.span()};
}

}  // namespace hpogrid::kernels
