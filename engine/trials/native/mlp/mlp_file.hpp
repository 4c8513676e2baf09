#pragma once

#include <filesystem>

namespace hpogrid::trials {

struct TrainedMlp;

/// Writes an HDF5 file, first beside it and then renamed, in place of an earlier one:
/// - attributes `format_version` (1), `activation`, `output` ("logit", "logits" or "value"), `norm_epsilon`,
///   `training_iteration`, `metric` and `objective`
/// - `features`, `mean`, `scale` [feature]: the first layer takes (x − mean)·scale
/// - `layer_0`, `layer_1`, …, each with `weights` [out][in], `biases` [out], with normalisation `gains` and `shifts`
///   [out], and with batch normalisation `means` and `variances` [out]
/// `configs/examples/higgs/predict.py` applies it with NumPy. Throws OutputError.
void write_mlp(const std::filesystem::path& file, const TrainedMlp& model);

}  // namespace hpogrid::trials
