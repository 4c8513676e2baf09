#pragma once

#include <compare>
#include <cstddef>
#include <span>
#include <vector>

#include "kernels/api/slot_table.hpp"

namespace hpogrid::kernels {

/// What all networks of a bucket share. Those with fewer units than `width` are padded with zeros.
struct NetworkShape {
    int features{1};
    int outputs{1};
    int hidden_layers{1};  ///< 0 … max_hidden_layers
    int width{16};         ///< units of each hidden layer, padded: 16, 32, 64, … 1024
    bool layer_norm{false};

    friend auto operator<=>(const NetworkShape&, const NetworkShape&) = default;
};

/// The bucket that a network belongs to.
/// \param hidden units of each hidden layer, each 1 … max_width
[[nodiscard]] NetworkShape bucket_shape(int features, int outputs, std::span<const int> hidden, bool layer_norm);

/// Where the parts of a layer are among the parameters of a slot.
struct LayerPlace {
    int inputs;           ///< padded
    int outputs;          ///< padded
    std::size_t weights;  ///< [out][in]
    std::size_t biases;   ///< [out]
    std::size_t gains;    ///< [out], of hidden layers with layer normalisation
    std::size_t shifts;   ///< [out], likewise
};

/// One slot's parameters: layer after layer, weights, biases, gains, shifts. A batch of these is the arena
/// [slot][out][in] of each layer, with the size of a slot for a stride.
class ParameterLayout {
  public:
    explicit ParameterLayout(const NetworkShape& shape);

    [[nodiscard]] const std::vector<LayerPlace>& layers() const { return layers_; }
    /// Of one slot; a multiple of `padding`.
    [[nodiscard]] std::size_t size() const { return size_; }

  private:
    std::vector<LayerPlace> layers_;
    std::size_t size_{0};
};

/// A fully connected layer without padding, as PyTorch's torch.nn.Linear has it, and what normalises it.
struct LayerWeights {
    int inputs{0};
    int outputs{0};
    std::vector<float> weights;  ///< [out][in]
    std::vector<float> biases;   ///< [out]
    std::vector<float> gains;    ///< [out], or empty
    std::vector<float> shifts;   ///< [out], or empty
};
using Network = std::vector<LayerWeights>;

/// Takes the padding away. \param units as in SlotSettings: of each hidden layer, then the outputs
[[nodiscard]] Network unpack(const NetworkShape& shape, std::span<const int> units, std::span<const float> parameters);
/// Adds it. \throws std::invalid_argument if the network has another shape
[[nodiscard]] std::vector<float> pack(const NetworkShape& shape, std::span<const int> units, const Network& network);

/// What a trial begins with: weights and biases uniform in ±1/√inputs, gains 1, shifts 0, as in PyTorch's Linear and
/// LayerNorm.
[[nodiscard]] Network initial_network(const NetworkShape& shape, const SlotSettings& settings);

}  // namespace hpogrid::kernels
