#pragma once

#include "engine/trials/native/native_model.hpp"

#include "kernels/trainer/data_set.hpp"
#include "kernels/trainer/network.hpp"

#include <filesystem>
#include <span>
#include <string>

namespace hpogrid::trials {

/// A trained network with all that is needed to apply it.
struct TrainedMlp {
    std::span<const std::string> features;  ///< columns of the data, in the order of the inputs
    const kernels::DataSet& data;
    const kernels::SlotSettings& settings;
    const kernels::Network& network;
    const ModelReport& made;
};

/// Writes an HDF5 file, first beside it and then renamed, in place of an earlier one:
/// - attributes `format_version` (1), `activation`, `output` ("logit", "logits" or "value"), `norm_epsilon`,
///   `training_iteration`, `metric` and `objective`
/// - `features`, `mean`, `scale` [feature]: the first layer takes (x − mean)·scale
/// - `layer_0`, `layer_1`, …, each with `weights` [out][in], `biases` [out], with normalisation `gains` and `shifts`
///   [out], and with batch normalisation `means` and `variances` [out]
/// `configs/examples/higgs/predict.py` applies it with NumPy. Throws OutputError.
void write_mlp(const std::filesystem::path& file, const TrainedMlp& model);

}  // namespace hpogrid::trials
