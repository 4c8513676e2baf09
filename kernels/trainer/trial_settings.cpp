#include "kernels/trainer/trial_settings.hpp"

#include <algorithm>
#include <cmath>
#include <sstream>
#include <stdexcept>
#include <string_view>

namespace hpogrid::kernels {
namespace {

template <class Value>
void require(bool allowed, std::string_view name, const Value& value, std::string_view what) {
    if (!allowed) {
        std::ostringstream sentence;
        sentence << name << " is " << value << ", allowed: " << what;
        throw std::invalid_argument{sentence.str()};
    }
}

void check_loss(Loss loss, int classes) {
    const std::string_view what = "binary cross-entropy for 2 classes, cross-entropy for more, mean squared error";
    const bool fits = loss == Loss::binary_cross_entropy ? classes == 2
                      : loss == Loss::cross_entropy      ? classes > 2
                                                         : classes == 0 || classes == 2;
    require(fits, "the number of classes", classes, what);
}

}  // namespace

void check(const TrialSettings& settings, const DataSet& data) {
    const SlotSettings& slot = settings.slot;
    const auto layers = static_cast<int>(settings.hidden.size());
    require(layers <= max_hidden_layers, "the number of hidden layers", layers, "0 to 8");
    for (const int units : settings.hidden) {
        require(units >= 1 && units <= max_width, "the number of units", units, "1 to 1024");
    }
    const auto finite = [](float value) { return std::isfinite(value); };
    require(finite(slot.learning_rate) && slot.learning_rate > 0, "the learning rate", slot.learning_rate,
            "more than 0");
    require(slot.beta1 >= 0 && slot.beta1 < 1, "beta1 or momentum", slot.beta1, "0 to below 1");
    require(slot.beta2 >= 0 && slot.beta2 < 1, "beta2 or smoothing", slot.beta2, "0 to below 1");
    require(finite(slot.epsilon) && slot.epsilon > 0, "epsilon", slot.epsilon, "more than 0");
    require(finite(slot.weight_decay) && slot.weight_decay >= 0, "the weight decay", slot.weight_decay, "0 or more");
    require(slot.dropout >= 0 && slot.dropout <= 0.99F, "dropout", slot.dropout, "0 to 0.99");
    require(slot.decay_factor >= 0 && slot.decay_factor <= 1, "the decay factor", slot.decay_factor, "0 to 1");
    require(slot.decay_steps >= 1, "the number of decay steps", slot.decay_steps, "1 or more");
    require(slot.warmup_steps >= 0, "the number of warm-up steps", slot.warmup_steps, "0 or more");
    require(slot.batch_size >= 1, "the batch size", slot.batch_size, "1 or more");
    const auto folds = static_cast<int>(data.folds().size());
    require(slot.fold >= 0 && slot.fold < folds, "the fold", slot.fold, "a fold of the data set, counted from 0");
    check_loss(slot.loss, data.classes());
}

SlotSettings slot_settings(const TrialSettings& settings, const DataSet& data) {
    SlotSettings slot = settings.slot;
    slot.units = {};
    std::ranges::copy(settings.hidden, slot.units.begin());
    slot.units[settings.hidden.size()] = data.outputs();
    return slot;
}

}  // namespace hpogrid::kernels
