#include "engine/trials/native/mlp/mlp_model.hpp"

#include "engine/core/error.hpp"
#include "engine/trials/native/mlp/mlp_format.hpp"
#include "engine/trials/native/mlp/mlp_settings.hpp"
#include "engine/trials/native/native_backend.hpp"
#include "engine/trials/native/native_metrics.hpp"

#include "kernels/api/backend.hpp"
#include "kernels/trainer/batch_trainer.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <iterator>
#include <nlohmann/json.hpp>
#include <stdexcept>
#include <utility>

namespace hpogrid::trials {
namespace {

using kernels::BatchTrainer;
using Devices = std::vector<std::unique_ptr<kernels::Backend>>;

// What makes the shape of a network, and which rows it may see.
constexpr std::array<std::string_view, 8> lasting_names{"hidden",     "units",      "hidden_units", "layers",
                                                        "num_layers", "layer_norm", "batch_norm",   "fold"};

std::unique_ptr<BatchTrainer> make_trainer(kernels::Table table, std::vector<kernels::Fold> folds, int slots,
                                           Devices devices) {
    try {
        return std::make_unique<BatchTrainer>(std::move(devices), table, std::move(folds),
                                              BatchTrainer::Options{.slots_per_bucket = slots});
    } catch (const std::invalid_argument& error) {
        throw InputError{fmt::format("model_config.param: {}", error.what())};
    }
}

class MlpModel final : public NativeModel {
  public:
    MlpModel(EventData events, std::vector<const MlpFormat*> formats, int slots, Devices devices)
        : formats_{std::move(formats)},
          features_{std::move(events.features)},
          trainer_{make_trainer(std::move(events.table), std::move(events.folds), slots, std::move(devices))},
          running_(static_cast<std::size_t>(slots)) {}

    std::vector<std::string_view> metric_names() const override {
        return trials::metric_names(trainer_->data().classes());
    }
    std::span<const std::string_view> lasting() const override { return lasting_names; }
    std::vector<std::string_view> file_names() const override {
        std::vector<std::string_view> names;
        std::ranges::transform(formats_, std::back_inserter(names), &MlpFormat::file);
        return names;
    }
    void check(const nlohmann::json& configuration) const override {
        static_cast<void>(read_mlp_trial(configuration, trainer_->data()));
    }

    TrainingProgress begin(SlotId slot, const nlohmann::json& configuration, kernels::TrialKey key,
                           std::span<const std::byte> state) override {
        MlpTrial trial = read_mlp_trial(configuration, trainer_->data());
        trial.settings.slot.key = key;
        // A bucket has as many slots as there are trials at once.
        const auto place = state.empty()
                               ? trainer_->start(trial.settings).value()
                               : trainer_->resume(kernels::slot_state_from_bytes(state), trial.settings).value();
        Running& begun = running(slot) = {place, trial.epochs, place.bucket->row(place.slot).progress.epoch,
                                          std::move(trial.hyperparameters)};
        return {.iteration = begun.epoch, .done = begun.epoch >= begun.epochs};
    }
    void end(SlotId slot) noexcept override { trainer_->stop(running(slot).place); }

    std::vector<TrainingProgress> train(std::span<const SlotId> slots) override {
        std::vector<BatchTrainer::Trial> places;
        for (const SlotId slot : slots) {
            places.push_back(running(slot).place);
            trainer_->grant_epochs(places.back(), 1);
        }
        trainer_->train();
        const auto metrics = trainer_->validate(places);
        std::vector<TrainingProgress> progress;
        for (std::size_t i = 0; i < slots.size(); ++i) {
            Running& trial = running(slots[i]);
            ++trial.epoch;
            // A network that has diverged does not come back.
            const bool done = trial.epoch >= trial.epochs || !std::isfinite(metrics[i].loss);
            progress.push_back(
                {trial.epoch, done, named_metrics(metrics[i], trainer_->take_training_loss(trial.place))});
        }
        return progress;
    }

    std::vector<std::byte> save(SlotId slot) const override {
        const auto place = running(slot).place;
        return kernels::to_bytes(place.bucket->save(place.slot));
    }
    ModelWriter snapshot(SlotId slot) const override {
        const auto place = running(slot).place;
        return [this, hyperparameters = running(slot).hyperparameters,
                settings = place.bucket->row(place.slot).settings, network = place.bucket->network(place.slot)](
                   const std::filesystem::path& folder, const ModelReport& made) {
            const TrainedMlp trained{.features = features_,
                                     .hyperparameters = hyperparameters,
                                     .mean = trainer_->data().means(settings.fold),
                                     .scale = trainer_->data().scales(settings.fold),
                                     .classes = trainer_->data().classes(),
                                     .activation = settings.activation,
                                     .network = network,
                                     .made = made};
            for (const MlpFormat* format : formats_) {
                format->write(folder / format->file, trained);
            }
        };
    }

  private:
    struct Running {
        BatchTrainer::Trial place{};
        int epochs{0};
        int epoch{0};
        std::string hyperparameters{};  ///< JSON
    };
    [[nodiscard]] Running& running(SlotId slot) { return running_[slot.value]; }
    [[nodiscard]] const Running& running(SlotId slot) const { return running_[slot.value]; }

    std::vector<const MlpFormat*> formats_;
    std::vector<std::string> features_;
    std::unique_ptr<BatchTrainer> trainer_;
    std::vector<Running> running_;  ///< [slot]
};

}  // namespace

std::unique_ptr<NativeModel> make_mlp_model(EventData events, const nlohmann::json& param,
                                            const NativeResources& resources) {
    return make_mlp_model(std::move(events), param, resources.slots, make_native_backends(resources));
}

std::unique_ptr<NativeModel> make_mlp_model(EventData events, const nlohmann::json& param, int slots, Devices devices) {
    return std::make_unique<MlpModel>(std::move(events), read_mlp_formats(param), slots, std::move(devices));
}

}  // namespace hpogrid::trials
