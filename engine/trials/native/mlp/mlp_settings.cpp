#include "engine/trials/native/mlp/mlp_settings.hpp"

#include "engine/core/error.hpp"
#include "engine/core/parameter_reader.hpp"
#include "engine/trials/native/hyperparameter_names.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <nlohmann/json.hpp>
#include <stdexcept>
#include <string_view>
#include <vector>

namespace hpogrid::trials {
namespace {

using nlohmann::json;
using Names = std::span<const std::string_view>;

// In the order of the enumerations.
constexpr std::array<std::string_view, 7> activations{"relu", "gelu", "silu", "tanh", "elu", "sigmoid", "leaky_relu"};
constexpr std::array<std::string_view, 4> optimizers{"sgd", "adam", "adamw", "rmsprop"};
constexpr std::array<std::string_view, 3> schedules{"constant", "cosine", "step"};

constexpr std::array<OtherName, 7> other_names{{{"units", "hidden"},
                                                {"hidden_units", "hidden"},
                                                {"num_layers", "layers"},
                                                {"learning_rate", "lr"},
                                                {"batchsize", "batch_size"},
                                                {"dropout_rate", "dropout"},
                                                {"l2", "weight_decay"}}};

template <class Enum>
Enum choose(ParameterReader& reader, std::string_view key, std::string_view standard, Names names) {
    const std::string chosen = reader.choice(key, standard, names);
    return static_cast<Enum>(std::ranges::find(names, std::string_view{chosen}) - names.begin());
}

std::vector<int> hidden_layers(ParameterReader& reader, const json& own) {
    if (own.contains("hidden") && own.at("hidden").is_array()) {
        reader.allow("hidden");
        if (own.contains("layers")) {
            throw InputError{"configuration has 'layers' and a list of 'hidden' layers, allowed: one of them"};
        }
        try {
            return own.at("hidden").get<std::vector<int>>();
        } catch (const json::exception&) {
            throw InputError{fmt::format("configuration key 'hidden' of 'mlp' is {}, allowed: units of each layer",
                                         own.at("hidden").dump())};
        }
    }
    const auto units = reader.count("hidden", 64, 1);
    const auto layers = reader.count("layers", 2, 0);
    return std::vector<int>(std::min<std::size_t>(layers, 100),
                            static_cast<int>(std::min<std::size_t>(units, 1 << 20)));
}

kernels::Normalization normalization(ParameterReader& reader) {
    const bool layer = reader.flag("layer_norm", false);
    const bool batch = reader.flag("batch_norm", false);
    if (layer && batch) {
        throw InputError{"configuration of 'mlp' has 'layer_norm' and 'batch_norm', allowed: one of them"};
    }
    return layer ? kernels::Normalization::layer : batch ? kernels::Normalization::batch : kernels::Normalization::none;
}

int bounded(std::size_t value) {
    return static_cast<int>(std::min<std::size_t>(value, 1U << 30U));
}

void read_optimizer(ParameterReader& reader, kernels::SlotSettings& slot) {
    using kernels::Optimizer;
    slot.optimizer = choose<Optimizer>(reader, "optimizer", "adam", optimizers);
    slot.learning_rate = static_cast<float>(reader.number("lr", 1e-3, 0, true));
    const double momentum = reader.number_between("momentum", 0.9, 0, 1);
    const double beta1 = reader.number_between("beta1", 0.9, 0, 1);
    slot.beta1 = static_cast<float>(slot.optimizer == Optimizer::sgd ? momentum : beta1);
    const double smoothing = slot.optimizer == Optimizer::rmsprop ? 0.99 : 0.999;
    slot.beta2 = static_cast<float>(reader.number_between("beta2", smoothing, 0, 1));
    slot.epsilon = static_cast<float>(reader.number("epsilon", 1e-8, 0, true));
    const double decay = slot.optimizer == Optimizer::adamw ? 0.01 : 0.0;
    slot.weight_decay = static_cast<float>(reader.number("weight_decay", decay, 0));
}

/// Epochs become steps.
void read_schedule(ParameterReader& reader, int epochs, double steps_per_epoch, kernels::SlotSettings& slot) {
    using kernels::Schedule;
    slot.schedule = choose<Schedule>(reader, "schedule", "constant", schedules);
    const bool step = slot.schedule == Schedule::step;
    const auto steps = [&](double count) { return static_cast<std::int32_t>(std::min(count * steps_per_epoch, 1e9)); };
    slot.warmup_steps = steps(reader.number("warmup_epochs", 0, 0));
    slot.decay_steps = std::max(1, steps(reader.number("decay_epochs", step ? 10.0 : epochs, 0, true)));
    slot.decay_factor = static_cast<float>(reader.number_between("decay_factor", step ? 0.1 : 0.0, 0, 1));
}

}  // namespace

std::string_view activation_name(kernels::Activation activation) {
    return activations.at(static_cast<std::size_t>(activation));
}

MlpTrial read_mlp_trial(const json& configuration, const kernels::DataSet& data) {
    json own = by_own_names(configuration, other_names);
    if (own.contains("export") && !own.at("export").is_array()) {
        throw InputError{
            "configuration key 'export' of 'mlp' is the same for all trials, allowed: in model_config.param"};
    }
    // See read_mlp_formats().
    own.erase("export");
    ParameterReader reader{"configuration", "mlp", own};
    MlpTrial trial;
    trial.hyperparameters = own.dump();
    trial.settings.hidden = hidden_layers(reader, own);
    trial.settings.normalization = normalization(reader);
    trial.epochs = bounded(reader.count("epochs", 10, 1));
    kernels::SlotSettings& slot = trial.settings.slot;
    slot.activation = choose<kernels::Activation>(reader, "activation", "relu", activations);
    slot.dropout = static_cast<float>(reader.number_between("dropout", 0, 0, 0.99));
    slot.batch_size = bounded(reader.count("batch_size", 256, 1));
    slot.fold = bounded(reader.count("fold", 0, 0));
    slot.loss = data.classes() == 0  ? kernels::Loss::mean_squared_error
                : data.classes() > 2 ? kernels::Loss::cross_entropy
                                     : kernels::Loss::binary_cross_entropy;
    read_optimizer(reader, slot);
    const bool has_fold = slot.fold < static_cast<int>(data.folds().size());
    const double rows = data.training_rows(has_fold ? slot.fold : 0);
    read_schedule(reader, trial.epochs, std::max(1.0, rows / slot.batch_size), slot);
    reader.finish();
    try {
        kernels::check(trial.settings, data);
    } catch (const std::invalid_argument& error) {
        throw InputError{fmt::format("configuration of 'mlp': {}", error.what())};
    }
    return trial;
}

}  // namespace hpogrid::trials
