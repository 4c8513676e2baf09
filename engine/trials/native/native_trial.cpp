#include "engine/trials/native/native_trial.hpp"

#include "engine/core/error.hpp"
#include "engine/core/wall_clock.hpp"
#include "engine/trials/native/recent_checkpoints.hpp"
#include "engine/trials/trial_folder.hpp"
#include "engine/trials/verdict.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <memory>
#include <nlohmann/json.hpp>
#include <stdexcept>
#include <utility>

namespace hpogrid::trials {
namespace {

/// From memory where it is there; null if the trial begins anew.
std::shared_ptr<const NativeCheckpoint> checkpoint_of(const TrialOrder& order) {
    if (order.state || order.checkpoint.empty()) {
        return order.state;
    }
    return std::make_shared<const NativeCheckpoint>(load_checkpoint(order.checkpoint));
}

/// What a checkpoint says of an objective, in a file as in memory.
std::optional<double> if_finite(std::optional<double> objective) {
    return objective && std::isfinite(*objective) ? objective : std::nullopt;
}

/// The best model of this trial that is on the disk already. With another trial's checkpoint a new record begins.
std::optional<double> best_before(const NativeCheckpoint* from, TrialId trial) {
    return from != nullptr && from->trial == trial ? from->best_objective : std::nullopt;
}

TrainingProgress begin(NativeModel& model, SlotId slot, const TrialOrder& order, const NativeCheckpoint* from) {
    const auto configuration = nlohmann::json::parse(order.configuration);
    const kernels::TrialKey key{order.seed, order.trial.value};
    if (from == nullptr) {
        return model.begin(slot, configuration, key, {});
    }
    try {
        return model.begin(slot, configuration, key, from->state);
    } catch (const std::invalid_argument& error) {
        throw InputError{fmt::format("{}: {}", order.checkpoint.string(), error.what())};
    }
}

}  // namespace

NativeTrial::NativeTrial(const Surroundings& surroundings, NativeModel& model, SlotId slot, TrialOrder order,
                         const NativeCheckpoint* from)
    : surroundings_{surroundings},
      model_{model},
      slot_{slot},
      order_{std::move(order)},
      started_{wall_clock() - (from != nullptr ? from->time_total : 0.0)},
      reports_{surroundings.metric, started_, from != nullptr},
      watch_{surroundings.limits, Clock::now()},
      best_{trial_folder(surroundings.trials_folder, order_.trial), model.file_names(), surroundings.metric,
            surroundings.mode, best_before(from, order_.trial)},
      saved_at_{Clock::now()},
      milestone_{order_.milestone},
      done_{begin(model, slot, order_, from).done} {
    // It has been copied into the slot.
    order_.state.reset();
}

NativeTrial::NativeTrial(const Surroundings& surroundings, NativeModel& model, SlotId slot, TrialOrder order)
    : NativeTrial{surroundings, model, slot, order, checkpoint_of(order).get()} {}

void NativeTrial::take(TrainingProgress progress, std::vector<TrialNews>& news) {
    watch_.heard(Clock::now());
    problem_ = std::move(progress.problem);
    if (!problem_.empty()) {
        return;
    }
    ReportMessage message;
    message.metrics = std::move(progress.metrics);
    message.iteration = progress.iteration;
    study::Report report = reports_.take(message, wall_clock());
    best_.take(report, [this] { return model_.snapshot(slot_); });
    done_ = progress.done || reaches_limit(report);
    waits_ = !done_ && time_of(report) >= milestone_;
    const bool is_late = Clock::now() - saved_at_ >= surroundings_.checkpoint_interval;
    if (!done_ && (waits_ || leaving_ || is_late)) {
        save(report, news);
    }
    news.emplace_back(AttemptReported{order_.trial, order_.attempt, std::move(report)});
    if (leaving_ && !done_) {
        watch_.left(Clock::now());
    }
}

void NativeTrial::proceed(double milestone) noexcept {
    milestone_ = milestone;
    waits_ = false;
}

void NativeTrial::leave() {
    leaving_ = true;
    if (waits_) {
        watch_.left(Clock::now());
    }
}

double NativeTrial::time_of(const study::Report& report) const {
    const auto found = std::ranges::find(report.metrics, surroundings_.time_attribute,
                                         [](const auto& reported) { return reported.first; });
    return found == report.metrics.end() ? report.iteration : found->second;
}

bool NativeTrial::reaches_limit(const study::Report& report) const {
    return std::ranges::any_of(report.metrics, [this](const auto& reported) {
        return std::ranges::any_of(surroundings_.stop, [&](const auto& limit) {
            return limit.first == reported.first && reported.second >= limit.second;
        });
    });
}

void NativeTrial::save(const study::Report& report, std::vector<TrialNews>& news) {
    study::Checkpoint checkpoint{order_.trial, order_.attempt, ++checkpoints_, report.iteration, 0};
    const std::filesystem::path folder =
        surroundings_.checkpoints_folder.empty() ? best_.folder() / "checkpoints" : surroundings_.checkpoints_folder;
    try {
        best_.write();
        if (best_.objective()) {
            std::ranges::for_each(best_.files(), flush_to_disk);
        }
        auto content =
            std::make_shared<const NativeCheckpoint>(NativeCheckpoint{.trial = order_.trial,
                                                                      .iteration = static_cast<int>(report.iteration),
                                                                      .time_total = report.time - started_,
                                                                      .best_objective = if_finite(best_.objective()),
                                                                      .state = model_.save(slot_)});
        checkpoint.bytes = save_checkpoint(folder / folder_name(checkpoint), *content);
        if (surroundings_.recent_checkpoints) {
            surroundings_.recent_checkpoints->keep(folder_name(checkpoint), std::move(content));
        }
    } catch (const OutputError& error) {
        problem_ = error.what();
        return;
    }
    saved_at_ = Clock::now();
    news.emplace_back(AttemptSaved{checkpoint});
}

bool NativeTrial::ends(std::vector<TrialNews>& news) {
    static_cast<void>(watch_.advance(Clock::now()));
    if (!done_ && !watch_.imposed() && problem_.empty()) {
        return false;
    }
    std::optional<ErrorMessage> failure;
    if (!problem_.empty()) {
        failure = ErrorMessage{.text = problem_};
    }
    Verdict verdict = judge({watch_, reports_, std::nullopt, std::move(failure), done_, false, {}});
    try {
        if (verdict.outcome == study::Outcome::completed || verdict.outcome == study::Outcome::stopped) {
            best_.write();
        }
    } catch (const OutputError& error) {
        verdict = {study::Outcome::failed, error.what()};
    }
    news.emplace_back(
        AttemptEnded{order_.trial, order_.attempt, verdict.outcome, std::move(verdict.error), {}, wall_clock()});
    return true;
}

}  // namespace hpogrid::trials
