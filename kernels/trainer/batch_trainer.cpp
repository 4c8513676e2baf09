#include "kernels/trainer/batch_trainer.hpp"

#include <stdexcept>
#include <utility>

#include "kernels/trainer/lockstep.hpp"
#include "kernels/trainer/shared_validation.hpp"

namespace hpogrid::kernels {

namespace {

std::vector<std::unique_ptr<Backend>> list_of(std::unique_ptr<Backend> backend) {
    std::vector<std::unique_ptr<Backend>> list;
    list.push_back(std::move(backend));
    return list;
}

}  // namespace

BatchTrainer::BatchTrainer(std::unique_ptr<Backend> backend, const Table& table, std::vector<Fold> folds,
                           Options options)
    : BatchTrainer{list_of(std::move(backend)), table, std::move(folds), options} {}

BatchTrainer::BatchTrainer(std::unique_ptr<Backend> backend, const Table& table, std::vector<Fold> folds)
    : BatchTrainer{std::move(backend), table, std::move(folds), Options{}} {}

BatchTrainer::BatchTrainer(std::vector<std::unique_ptr<Backend>> backends, const Table& table, std::vector<Fold> folds,
                           Options options)
    : backends_{std::move(backends)}, options_{options} {
    if (options.slots_per_bucket < 1 || options.micro_batch < 1) {
        throw std::invalid_argument{"slots of a bucket or rows of a micro-batch are below 1, allowed: 1 or more"};
    }
    data_.reserve(backends_.size());
    for (const auto& backend : backends_) {
        const DataSet& data = data_.emplace_back(*backend, table, folds);
        devices_.push_back({backend.get(), &data});
        for (const auto& other : backends_) {
            backend->connect(*other);
        }
    }
}

std::optional<BatchTrainer::Trial> BatchTrainer::start(const TrialSettings& settings, const Network* network) {
    check(settings, data());
    const SlotSettings slot_row = slot_settings(settings, data());
    Bucket& home = bucket(bucket_shape(data().features(), data().outputs(), settings.hidden, settings.normalization));
    const auto slot = home.take();
    if (!slot) {
        return std::nullopt;
    }
    home.start(*slot, slot_row, network != nullptr ? *network : initial_network(home.shape(), slot_row));
    return Trial{&home, *slot};
}

std::optional<BatchTrainer::Trial> BatchTrainer::resume(const SlotState& state) {
    const auto fold = static_cast<std::size_t>(state.row.settings.fold);
    if (state.shape.features != data().features() || state.shape.outputs != data().outputs() ||
        fold >= data().folds().size()) {
        throw std::invalid_argument{"a checkpoint of a trial on other data (features, classes or folds differ)"};
    }
    Bucket& home = bucket(state.shape);
    const auto slot = home.take();
    if (!slot) {
        return std::nullopt;
    }
    home.restore(*slot, state);
    return Trial{&home, *slot};
}

std::optional<BatchTrainer::Trial> BatchTrainer::resume(SlotState state, const TrialSettings& settings) {
    check(settings, data());
    const SlotSettings slot_row = slot_settings(settings, data());
    const NetworkShape shape =
        bucket_shape(data().features(), data().outputs(), settings.hidden, settings.normalization);
    if (state.shape != shape || state.row.settings.units != slot_row.units) {
        throw std::invalid_argument{"a checkpoint of another network (layers, units or normalisation differ)"};
    }
    if (state.row.settings.fold != slot_row.fold) {
        throw std::invalid_argument{"a checkpoint of another fold (its network has seen the rows that validate)"};
    }
    state.row.settings = slot_row;
    return resume(std::as_const(state));
}

void BatchTrainer::grant_epochs(Trial trial, int epochs) {
    const SlotRow row = trial.bucket->row(trial.slot);
    const std::int64_t done = row.progress.position / row.settings.batch_size;
    grant_steps(trial, steps_per_epoch(row.settings) * epochs - done);
}

void BatchTrainer::train() {
    if (devices_.size() > 1) {
        std::vector<Bucket*> buckets;
        for (const auto& [shape, bucket] : buckets_) {
            buckets.push_back(bucket.get());
        }
        train_in_lockstep(buckets);
        return;
    }
    std::vector<const Plan*> plans;
    for (const auto& [shape, bucket] : buckets_) {
        plans.push_back(&bucket->replicas().front()->training);
    }
    backends_.front()->run(plans);
}

std::vector<SlotMetrics> BatchTrainer::validate(std::span<const Trial> trials) {
    for (const Trial& trial : trials) {
        trial.bucket->request_validation(trial.slot);
    }
    std::vector<const Bucket*> buckets;
    for (const auto& [shape, bucket] : buckets_) {
        buckets.push_back(bucket.get());
    }
    validate_in_shares(buckets);
    std::vector<SlotMetrics> metrics;
    metrics.reserve(trials.size());
    for (const Trial& trial : trials) {
        metrics.push_back(trial.bucket->metrics(trial.slot));
    }
    return metrics;
}

double BatchTrainer::take_training_loss(Trial trial) {
    const SlotProgress progress = trial.bucket->row(trial.slot).progress;
    trial.bucket->clear_training_loss(trial.slot);
    return progress.loss_sum / progress.weight_sum;
}

std::int64_t BatchTrainer::steps_per_epoch(const SlotSettings& settings) const {
    const std::int64_t rows = data().training_rows(settings.fold);
    return (rows + settings.batch_size - 1) / settings.batch_size;
}

Bucket& BatchTrainer::bucket(const NetworkShape& shape) {
    auto& bucket = buckets_[shape];
    if (!bucket) {
        bucket = std::make_unique<Bucket>(devices_, shape, options_.slots_per_bucket, options_.micro_batch);
    }
    return *bucket;
}

}  // namespace hpogrid::kernels
