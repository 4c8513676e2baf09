#pragma once

#include "engine/trials/native/native_model.hpp"

#include "kernels/trainer/network.hpp"

#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace hpogrid::trials {

/// A trained network with all that is needed to apply it, and where it comes from.
struct TrainedMlp {
    std::span<const std::string> features;  ///< columns of the data, in the order of the inputs
    std::string_view hyperparameters;       ///< of the trial, a JSON object
    std::vector<float> mean;                ///< [feature]
    std::vector<float> scale;               ///< [feature]: the first layer takes (x − mean)·scale
    int classes;                            ///< 0: a regression
    kernels::Activation activation;
    const kernels::Network& network;
    const ModelReport& made;
};

}  // namespace hpogrid::trials
