#pragma once

#include <compare>
#include <cstddef>
#include <span>
#include <vector>

#include "kernels/api/slot_table.hpp"

namespace hpogrid::kernels {

/// What stands between a hidden layer and its activation.
enum class Normalization : std::uint32_t { none, layer, batch };

/// What all networks of a bucket share. Those with fewer units than `width` are padded with zeros.
struct NetworkShape {
    int features{1};
    int outputs{1};
    int hidden_layers{1};  ///< 0 … max_hidden_layers
    int width{16};         ///< units of each hidden layer, padded: 16, 32, 64, … 1024
    Normalization normalization{Normalization::none};

    friend auto operator<=>(const NetworkShape&, const NetworkShape&) = default;
};

/// The bucket that a network belongs to.
/// \param hidden units of each hidden layer, each 1 … max_width
[[nodiscard]] NetworkShape bucket_shape(int features, int outputs, std::span<const int> hidden,
                                        Normalization normalization);

/// Where the parts of a layer are among the parameters of a slot.
struct LayerPlace {
    int inputs;             ///< padded
    int outputs;            ///< padded
    std::size_t weights;    ///< [out][in]
    std::size_t biases;     ///< [out]
    std::size_t gains;      ///< [out], of hidden layers with normalisation
    std::size_t shifts;     ///< [out], likewise
    std::size_t means;      ///< [out], of hidden layers with batch normalisation: running statistics
    std::size_t variances;  ///< [out], likewise
};

/// One slot's parameters: layer after layer, weights, biases, gains, shifts; then what no optimiser changes: layer
/// after layer, running means and variances. A batch of these is the arena [slot][out][in] of each layer, with the size
/// of a slot for a stride.
class ParameterLayout {
  public:
    explicit ParameterLayout(const NetworkShape& shape);

    [[nodiscard]] const std::vector<LayerPlace>& layers() const { return layers_; }
    /// Of one slot; a multiple of `padding`.
    [[nodiscard]] std::size_t size() const { return size_; }
    /// Of the first part, which is trained; a multiple of `padding`.
    [[nodiscard]] std::size_t trained() const { return trained_; }

  private:
    std::vector<LayerPlace> layers_;
    std::size_t trained_{0};
    std::size_t size_{0};
};

/// A fully connected layer without padding, as PyTorch's torch.nn.Linear has it, and what normalises it.
struct LayerWeights {
    int inputs{0};
    int outputs{0};
    std::vector<float> weights;    ///< [out][in]
    std::vector<float> biases;     ///< [out]
    std::vector<float> gains;      ///< [out], or empty
    std::vector<float> shifts;     ///< [out], or empty
    std::vector<float> means;      ///< [out], or empty: running statistics of batch normalisation
    std::vector<float> variances;  ///< [out], or empty
};
using Network = std::vector<LayerWeights>;

/// Takes the padding away. \param units as in SlotSettings: of each hidden layer, then the outputs
[[nodiscard]] Network unpack(const NetworkShape& shape, std::span<const int> units, std::span<const float> parameters);
/// Adds it. \throws std::invalid_argument if the network has another shape
[[nodiscard]] std::vector<float> pack(const NetworkShape& shape, std::span<const int> units, const Network& network);

/// What a trial begins with: weights and biases uniform in ±1/√inputs, gains 1, shifts 0, running means 0 and variances
/// 1, as in PyTorch's Linear, LayerNorm and BatchNorm1d.
[[nodiscard]] Network initial_network(const NetworkShape& shape, const SlotSettings& settings);

}  // namespace hpogrid::kernels
