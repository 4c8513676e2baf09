#include "engine/trials/native/bdt/bdt_model.hpp"

#include "engine/core/error.hpp"
#include "engine/trials/native/bdt/bdt_rows.hpp"
#include "engine/trials/native/bdt/bdt_settings.hpp"
#include "engine/trials/native/native_backend.hpp"
#include "engine/trials/native/native_metrics.hpp"
#include "engine/trials/native/replace_file.hpp"

#include "kernels/trainer/scorer.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <nlohmann/json.hpp>
#include <optional>
#include <stdexcept>
#include <utility>

namespace hpogrid::trials {
namespace {

using nlohmann::json;

constexpr std::array<std::string_view, 2> lasting_names{"fold", "rounds_per_report"};
constexpr std::string_view model_name{"model.json"};

/// How XGBoost calls what is optimised and what is watched, and how the scorer does.
struct Task {
    const char* objective;
    const char* metric;
    kernels::Loss loss;
};

Task task_of(int classes) {
    if (classes == 0) {
        return {"reg:squarederror", "rmse", kernels::Loss::mean_squared_error};
    }
    return classes == 2 ? Task{"binary:logistic", "logloss", kernels::Loss::binary_cross_entropy}
                        : Task{"multi:softprob", "mlogloss", kernels::Loss::cross_entropy};
}

/// The scorer reads labels and weights only: features need not be there twice.
kernels::DataSet without_features(kernels::Backend& backend, const kernels::Table& table,
                                  const std::vector<kernels::Fold>& folds) {
    kernels::Table narrow{1, table.labels, table.labels, table.weights, table.classes};
    return {backend, narrow, folds};
}

void require_weights(const kernels::Table& table) {
    const auto negative = std::ranges::find_if(table.weights, [](float weight) { return weight < 0; });
    if (negative != table.weights.end()) {
        throw InputError{fmt::format(
            "model_config.param key 'weight' is a column with the weight {} (XGBoost has no use for negative ones), "
            "allowed: weights from 0, or model 'mlp'",
            *negative)};
    }
}

/// A trial while it trains.
struct Growing {
    BdtTrial trial;
    std::shared_ptr<BdtRows> rows;
    XgBooster booster;
    int round{0};  ///< rounds done
    double best_loss{INFINITY};
    int best_round{0};

    [[nodiscard]] int iteration() const { return (round + trial.rounds_per_report - 1) / trial.rounds_per_report; }
    [[nodiscard]] bool done() const {
        const bool in_vain = trial.early_stopping_rounds > 0 && round - best_round >= trial.early_stopping_rounds;
        return round >= trial.rounds || in_vain;
    }
};

// A state is a line of JSON, then the booster's.

std::vector<std::byte> state_of(const Growing& growing) {
    const json place{{"round", growing.round},
                     {"fold", growing.trial.fold},
                     {"rounds_per_report", growing.trial.rounds_per_report},
                     {"best_loss", growing.best_loss},
                     {"best_round", growing.best_round}};
    const std::string text = place.dump() + '\n' + growing.booster.state();
    const auto bytes = std::as_bytes(std::span{text});
    return {bytes.begin(), bytes.end()};
}

void restore(Growing& growing, std::span<const std::byte> state) {
    const std::string_view text{reinterpret_cast<const char*>(state.data()), state.size()};
    const std::size_t line = text.find('\n');
    const json place = json::parse(text.substr(0, line), nullptr, false);
    if (line == std::string_view::npos || !place.is_object()) {
        throw std::invalid_argument{"not a checkpoint of the model 'bdt'"};
    }
    if (place.at("fold") != growing.trial.fold || place.at("rounds_per_report") != growing.trial.rounds_per_report) {
        throw std::invalid_argument{"a checkpoint of another fold or with other 'rounds_per_report'"};
    }
    growing.round = place.at("round").get<int>();
    growing.best_loss = place.at("best_loss").get<double>();
    growing.best_round = place.at("best_round").get<int>();
    growing.booster.set_state(text.substr(line + 1));
}

class BdtModel final : public NativeModel {
  public:
    BdtModel(EventData events, const NativeResources& resources)
        : events_{std::move(events)},
          task_{task_of(events_.table.classes)},
          threads_{resources.threads},
          backend_{kernels::make_host_backend(1)},
          labels_{without_features(*backend_, events_.table, events_.folds)},
          scorer_{*backend_, labels_},
          pool_{events_.table},
          slots_(static_cast<std::size_t>(resources.slots)) {}

    std::vector<std::string_view> metric_names() const override { return trials::metric_names(labels_.classes()); }
    std::span<const std::string_view> lasting() const override { return lasting_names; }
    std::vector<std::string_view> file_names() const override { return {model_name}; }
    void check(const json& configuration) const override { static_cast<void>(read(configuration)); }

    TrainingProgress begin(SlotId slot, const json& configuration, kernels::TrialKey key,
                           std::span<const std::byte> state) override {
        BdtTrial trial = read(configuration);
        const kernels::Fold& fold = events_.folds[static_cast<std::size_t>(trial.fold)];
        auto rows = pool_.rows(fold, trial.max_bin);
        const std::array<const XgMatrix*, 2> matrices{&rows->training, &rows->validation};
        XgBooster booster{matrices, parameters(trial, key)};
        Growing growing{std::move(trial), std::move(rows), std::move(booster)};
        if (!state.empty()) {
            restore(growing, state);
        }
        const TrainingProgress progress{.iteration = growing.iteration(), .done = growing.done()};
        at(slot).emplace(std::move(growing));
        return progress;
    }
    void end(SlotId slot) noexcept override { at(slot).reset(); }

    std::vector<TrainingProgress> train(std::span<const SlotId> slots) override {
        std::vector<TrainingProgress> progress;
        for (const SlotId slot : slots) {
            try {
                progress.push_back(grow(*at(slot)));
            } catch (const std::runtime_error& error) {
                progress.push_back({.problem = error.what()});
            }
        }
        return progress;
    }

    std::vector<std::byte> save(SlotId slot) const override { return state_of(*slots_[slot.value]); }
    ModelWriter snapshot(SlotId slot) const override {
        return [this, slot, rounds = slots_[slot.value]->round](const std::filesystem::path& folder,
                                                                const ModelReport& made) {
            const std::array attributes{XgParameter{"training_iteration", fmt::format("{}", made.iteration)},
                                        XgParameter{"metric", made.metric},
                                        XgParameter{"objective", fmt::format("{}", made.objective)}};
            replace_file(folder / model_name, slots_[slot.value]->booster.model(rounds, events_.features, attributes));
        };
    }

  private:
    [[nodiscard]] std::optional<Growing>& at(SlotId slot) { return slots_[slot.value]; }
    [[nodiscard]] BdtTrial read(const json& configuration) const {
        return read_bdt_trial(configuration, static_cast<int>(events_.folds.size()));
    }

    [[nodiscard]] std::vector<XgParameter> parameters(const BdtTrial& trial, kernels::TrialKey key) const {
        std::vector<XgParameter> all = trial.parameters;
        // XGBoost takes seeds below 2^31.
        const std::uint32_t seed = kernels::random_bits(key, kernels::RandomUse::trees, 0, 0)[0] >> 1U;
        all.push_back({"seed", fmt::format("{}", seed)});
        // What a round draws depends on the seed and the round, not on what the thread drew before.
        all.push_back({"seed_per_iteration", "1"});
        all.push_back({"objective", task_.objective});
        all.push_back({"eval_metric", task_.metric});
        if (labels_.classes() > 2) {
            all.push_back({"num_class", fmt::format("{}", labels_.classes())});
        }
        all.push_back({"nthread", fmt::format("{}", threads_)});
        all.push_back({"verbosity", "0"});
        return all;
    }

    TrainingProgress grow(Growing& growing) {
        const int last = std::min(growing.round + growing.trial.rounds_per_report, growing.trial.rounds);
        for (; growing.round < last; ++growing.round) {
            growing.booster.boost(growing.round, growing.rows->training);
        }
        const auto margins = growing.booster.margins(growing.rows->validation);
        const kernels::SlotMetrics metrics = scorer_(growing.trial.fold, task_.loss, margins);
        if (metrics.loss < growing.best_loss) {
            growing.best_loss = metrics.loss;
            growing.best_round = growing.round;
        }
        const double watched = growing.booster.evaluate(growing.rows->training);
        const double training_loss = task_.loss == kernels::Loss::mean_squared_error ? watched * watched : watched;
        return {.iteration = growing.iteration(),
                .done = growing.done() || !std::isfinite(metrics.loss),
                .metrics = named_metrics(metrics, training_loss)};
    }

    EventData events_;
    Task task_;
    int threads_;
    std::unique_ptr<kernels::Backend> backend_;
    kernels::DataSet labels_;
    kernels::Scorer scorer_;
    BdtRowsPool pool_;
    std::vector<std::optional<Growing>> slots_;
};

}  // namespace

std::unique_ptr<NativeModel> make_bdt_model(EventData events, const nlohmann::json&, const NativeResources& resources) {
    require_weights(events.table);
    tell_of_idle_gpus(resources.gpus, "the cores", "the model 'bdt' uses no GPU");
    try {
        return std::make_unique<BdtModel>(std::move(events), resources);
    } catch (const std::invalid_argument& error) {
        throw InputError{fmt::format("model_config.param: {}", error.what())};
    }
}

}  // namespace hpogrid::trials
