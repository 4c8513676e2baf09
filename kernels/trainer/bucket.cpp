#include "kernels/trainer/bucket.hpp"

#include <algorithm>
#include <stdexcept>

namespace hpogrid::kernels {

Bucket::Bucket(std::span<const Device> devices, const NetworkShape& shape, int slots, int micro_batch)
    : data_{devices.front().data}, taken_(index(slots)), zeros_(ParameterLayout{shape}.size()) {
    BatchShare share{.replica = 0, .replicas = static_cast<int>(devices.size())};
    for (const Device& device : devices) {
        replicas_.push_back(std::make_unique<Replica>(device, shape, slots, micro_batch, share));
        ++share.replica;
    }
}

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
    row.progress.rows = next_rows(row, data_->training_rows(settings.fold), first().arrays.micro_batch);
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
    changed.progress.rows = next_rows(changed, data_->training_rows(settings.fold), first().arrays.micro_batch);
    write_row(slot, changed);
}

void Bucket::request_validation(int slot) {
    for (const auto& replica : replicas_) {
        DeviceArray<SlotRow>& table = replica->arrays.table;
        SlotRow requested = table.read(index(slot), 1).front();
        const RowRange rows = validation_rows(*replica, fold_of(requested));
        requested.progress.validation_position = rows.begin;
        requested.progress.validation_rows = std::min(rows.end - rows.begin, replica->arrays.micro_batch);
        table.write(index(slot), {&requested, 1});
    }
}

SlotMetrics Bucket::metrics(int slot) {
    gather_scores(replicas_, fold_of(row(slot)), slot);
    first().backend->run_once(first().metrics, slot);
    return first().arrays.metrics.read(index(slot), 1).front();
}

void Bucket::clear_training_loss(int slot) {
    SlotRow cleared = row(slot);
    cleared.progress.loss_sum = 0;
    cleared.progress.weight_sum = 0;
    write_row(slot, cleared);
}

SlotRow Bucket::row(int slot) const {
    SlotRow row = first().arrays.table.read(index(slot), 1).front();
    for (const auto& other : replicas().subspan(1)) {
        const SlotProgress seen = other->arrays.table.read(index(slot), 1).front().progress;
        row.progress.loss_sum += seen.loss_sum;
        row.progress.weight_sum += seen.weight_sum;
    }
    return row;
}

Network Bucket::network(int slot) const {
    return unpack(shape(), row(slot).settings.units,
                  first().arrays.parameters.read(first_parameter(slot), parameters()));
}

void Bucket::set_network(int slot, const Network& network) {
    const std::vector<float> packed = pack(shape(), row(slot).settings.units, network);
    for (const auto& replica : replicas_) {
        replica->arrays.parameters.write(first_parameter(slot), packed);
    }
}

SlotState Bucket::save(int slot) const {
    const auto values = [&](const DeviceArray<float>& array) {
        return array.read(first_parameter(slot), parameters());
    };
    return {.shape = shape(),
            .row = row(slot),
            .parameters = values(first().arrays.parameters),
            .first_moments = values(first().arrays.first_moments),
            .second_moments = values(first().arrays.second_moments)};
}

void Bucket::restore(int slot, const SlotState& state) {
    if (state.shape != shape()) {
        throw std::invalid_argument{"a checkpoint of another network"};
    }
    SlotRow row = state.row;
    row.progress.rows = next_rows(row, data_->training_rows(row.settings.fold), first().arrays.micro_batch);
    write_row(slot, row);
    write_parameters(slot, state.parameters, state.first_moments, state.second_moments);
}

void Bucket::copy_weights(int from, int to) {
    if (row(from).settings.units != row(to).settings.units) {
        throw std::invalid_argument{"weights of another network (units differ)"};
    }
    for (const auto& replica : replicas_) {
        BucketArrays& arrays = replica->arrays;
        for (auto* array : {&arrays.parameters, &arrays.first_moments, &arrays.second_moments}) {
            array->copy(first_parameter(to), first_parameter(from), parameters());
        }
    }
}

void Bucket::write_row(int slot, SlotRow row) {
    for (const auto& replica : replicas_) {
        replica->arrays.table.write(index(slot), {&row, 1});
        // Of which the first replica now has all.
        row.progress.loss_sum = 0;
        row.progress.weight_sum = 0;
    }
}

void Bucket::write_parameters(int slot, std::span<const float> parameters, std::span<const float> first_moments,
                              std::span<const float> second_moments) {
    for (const auto& replica : replicas_) {
        BucketArrays& arrays = replica->arrays;
        arrays.parameters.write(first_parameter(slot), parameters);
        arrays.first_moments.write(first_parameter(slot), first_moments);
        arrays.second_moments.write(first_parameter(slot), second_moments);
        arrays.gradients.write(first_parameter(slot), zeros_);
    }
}

}  // namespace hpogrid::kernels
