#include "kernels/trainer/bucket.hpp"

#include <algorithm>
#include <stdexcept>

namespace hpogrid::kernels {

Bucket::Bucket(Backend& backend, const DataSet& data, const NetworkShape& shape, int slots, int micro_batch)
    : backend_{&backend},
      data_{&data},
      arrays_{backend, data, shape, slots, micro_batch},
      training_{training_plan(arrays_, data)},
      validation_{validation_plan(arrays_, data)},
      metrics_{metrics_kernel(arrays_, data)},
      taken_(index(slots)),
      zeros_(arrays_.layout.size()) {}

std::optional<int> Bucket::take() {
    const auto free = std::ranges::find(taken_, false);
    if (free == taken_.end()) {
        return std::nullopt;
    }
    *free = true;
    return static_cast<int>(free - taken_.begin());
}

void Bucket::free(int slot) {
    write_row(slot, SlotRow{});
    taken_[index(slot)] = false;
}

void Bucket::start(int slot, const SlotSettings& settings, const Network& network) {
    SlotRow row{.settings = settings, .progress = {}};
    row.progress.rows = next_rows(row, data_->training_rows(settings.fold), arrays_.micro_batch);
    write_row(slot, row);
    write_parameters(slot, pack(shape(), settings.units, network), zeros_, zeros_);
}

void Bucket::grant(int slot, std::int64_t steps) {
    SlotRow granted = row(slot);
    granted.progress.steps_left += steps;
    write_row(slot, granted);
}

void Bucket::change(int slot, const SlotSettings& settings) {
    SlotRow changed = row(slot);
    if (changed.settings.units != settings.units || changed.settings.fold != settings.fold) {
        throw std::invalid_argument{"settings of another network or fold"};
    }
    const TrialKey key = changed.settings.key;
    changed.settings = settings;
    changed.settings.key = key;
    changed.progress.rows = next_rows(changed, data_->training_rows(settings.fold), arrays_.micro_batch);
    write_row(slot, changed);
}

void Bucket::request_validation(int slot) {
    SlotRow requested = row(slot);
    const int rows = data_->folds()[index(requested.settings.fold)].validation_rows();
    requested.progress.validation_position = 0;
    requested.progress.validation_rows = std::min(rows, arrays_.micro_batch);
    write_row(slot, requested);
}

SlotMetrics Bucket::metrics(int slot) {
    backend_->run_once(metrics_, slot);
    return arrays_.metrics.read(index(slot), 1).front();
}

void Bucket::clear_training_loss(int slot) {
    SlotRow cleared = row(slot);
    cleared.progress.loss_sum = 0;
    cleared.progress.weight_sum = 0;
    write_row(slot, cleared);
}

Network Bucket::network(int slot) const {
    return unpack(shape(), row(slot).settings.units,
                  arrays_.parameters.read(first_parameter(slot), arrays_.layout.size()));
}

void Bucket::set_network(int slot, const Network& network) {
    arrays_.parameters.write(first_parameter(slot), pack(shape(), row(slot).settings.units, network));
}

SlotState Bucket::save(int slot) const {
    const auto values = [&](const DeviceArray<float>& array) {
        return array.read(first_parameter(slot), arrays_.layout.size());
    };
    return {.shape = shape(),
            .row = row(slot),
            .parameters = values(arrays_.parameters),
            .first_moments = values(arrays_.first_moments),
            .second_moments = values(arrays_.second_moments)};
}

void Bucket::restore(int slot, const SlotState& state) {
    if (state.shape != shape()) {
        throw std::invalid_argument{"a checkpoint of another network"};
    }
    SlotRow row = state.row;
    row.progress.rows = next_rows(row, data_->training_rows(row.settings.fold), arrays_.micro_batch);
    write_row(slot, row);
    write_parameters(slot, state.parameters, state.first_moments, state.second_moments);
}

void Bucket::copy_weights(int from, int to) {
    if (row(from).settings.units != row(to).settings.units) {
        throw std::invalid_argument{"weights of another network (units differ)"};
    }
    for (auto* array : {&arrays_.parameters, &arrays_.first_moments, &arrays_.second_moments}) {
        array->copy(first_parameter(to), first_parameter(from), arrays_.layout.size());
    }
}

void Bucket::write_parameters(int slot, std::span<const float> parameters, std::span<const float> first_moments,
                              std::span<const float> second_moments) {
    arrays_.parameters.write(first_parameter(slot), parameters);
    arrays_.first_moments.write(first_parameter(slot), first_moments);
    arrays_.second_moments.write(first_parameter(slot), second_moments);
    arrays_.gradients.write(first_parameter(slot), zeros_);
}

}  // namespace hpogrid::kernels
