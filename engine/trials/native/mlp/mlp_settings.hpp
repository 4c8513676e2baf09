#pragma once

#include "kernels/trainer/trial_settings.hpp"

#include <nlohmann/json_fwd.hpp>

#include <cstdint>
#include <string>
#include <string_view>

namespace hpogrid::trials {

/// One trial of the model `mlp`.
struct MlpTrial {
    kernels::TrialSettings settings;
    int epochs{10};
    std::string hyperparameters;  ///< what was given, by its own names, as JSON
};

[[nodiscard]] std::string_view activation_name(kernels::Activation activation);

/// Reads a trial's hyperparameters; keys that describe the data are skipped.
///
/// `hidden` (64): units of each hidden layer, or a list of them; `layers` (2): how many, if `hidden` is one number;
/// `activation` ("relu"), `layer_norm` or `batch_norm` (false), `dropout` (0); `optimizer` ("adam"), `lr` (0.001),
/// `momentum` (0.9, of SGD), `beta1` (0.9), `beta2` (0.999; of RMSprop 0.99), `epsilon` (1e-8), `weight_decay` (0; of
/// AdamW 0.01); `batch_size` (256), `epochs` (10); `schedule` ("constant", "cosine", "step"), `warmup_epochs` (0),
/// `decay_epochs` (all epochs; of "step" 10), `decay_factor` (0; of "step" 0.1); `fold` (0).
///
/// Other common names count, too: `units`, `hidden_units`, `num_layers`, `learning_rate`, `batchsize`, `dropout_rate`,
/// `l2`. Throws InputError that names the key, its value and what is allowed.
[[nodiscard]] MlpTrial read_mlp_trial(const nlohmann::json& configuration, const kernels::DataSet& data);

}  // namespace hpogrid::trials
