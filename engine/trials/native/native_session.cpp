#include "engine/trials/native/native_session.hpp"

#include "engine/core/error.hpp"
#include "engine/core/wall_clock.hpp"
#include "engine/trials/native/event_data.hpp"
#include "engine/trials/native/mlp_settings.hpp"
#include "engine/trials/native/model_file.hpp"
#include "engine/trials/native/native_metrics.hpp"
#include "engine/trials/trial_folder.hpp"
#include "engine/trials/verdict.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <nlohmann/json.hpp>
#include <stdexcept>
#include <utility>

namespace hpogrid::trials {
namespace {

using nlohmann::json;

kernels::BatchTrainer make_trainer(EventData& events, const Surroundings& surroundings) {
    const kernels::Table table = std::move(events.table);
    kernels::BatchTrainer::Options options;
    options.slots_per_bucket = static_cast<int>(std::max(1U, surroundings.slots));
    try {
        return {kernels::make_host_backend(static_cast<int>(surroundings.worker_threads)), table,
                std::move(events.folds), options};
    } catch (const std::invalid_argument& error) {
        throw InputError{fmt::format("model_config.param: {}", error.what())};
    }
}

}  // namespace

NativeSession::NativeSession(const Native& spec, const Surroundings& surroundings)
    : trials_folder_{surroundings.trials_folder},
      metric_{surroundings.metric},
      limits_{surroundings.limits},
      stop_{surroundings.stop},
      events_{read_event_data(json::parse(spec.param), surroundings.data_folder)},
      trainer_{make_trainer(events_, surroundings)},
      slots_(std::max(1U, surroundings.slots)) {}

void NativeSession::stop(TrialId trial, std::uint32_t attempt, StopCause cause, std::vector<TrialNews>& news) {
    for (auto& slot : slots_) {
        if (slot && is_for(slot->order, trial, attempt)) {
            slot->watch.request_stop(cause);
            end_if_over(slot, news);
            return;
        }
    }
    waiting_.stop(trial, attempt, cause, news);
}

bool NativeSession::busy() const {
    return !waiting_.empty() || std::ranges::any_of(slots_, [](const auto& slot) { return slot.has_value(); });
}

void NativeSession::train_epoch(std::vector<TrialNews>& news) {
    fill_slots(news);
    std::vector<Running*> running;
    std::vector<kernels::BatchTrainer::Trial> places;
    for (auto& slot : slots_) {
        if (slot) {
            running.push_back(&*slot);
            places.push_back(slot->place);
            trainer_.grant_epochs(slot->place, 1);
        }
    }
    trainer_.train();
    const auto metrics = trainer_.validate(places);
    for (std::size_t i = 0; i < running.size(); ++i) {
        report(*running[i], metrics[i], news);
    }
    for (auto& slot : slots_) {
        if (slot) {
            end_if_over(slot, news);
        }
    }
}

void NativeSession::fill_slots(std::vector<TrialNews>& news) {
    for (std::size_t i = 0; i < slots_.size(); ++i) {
        while (!slots_[i] && !waiting_.empty()) {
            TrialOrder order = std::move(*waiting_.pop());
            news.emplace_back(
                AttemptStarted{order.trial, order.attempt, SlotId{static_cast<std::uint32_t>(i)}, wall_clock()});
            slots_[i] = make_running(std::move(order), news);
        }
    }
}

std::optional<NativeSession::Running> NativeSession::make_running(TrialOrder order, std::vector<TrialNews>& news) {
    try {
        MlpTrial trial = read_mlp_trial(json::parse(order.configuration), trainer_.data());
        trial.settings.slot.key = {order.seed, order.trial.value};
        // A bucket has as many slots as there are trials at once.
        const auto place = trainer_.start(trial.settings).value();
        return Running{std::move(order), place, trial.epochs, ReportBook{metric_, wall_clock()},
                       AttemptWatch{limits_, std::chrono::steady_clock::now()}};
    } catch (const std::exception& error) {
        news.emplace_back(
            AttemptEnded{order.trial, order.attempt, study::Outcome::failed, error.what(), {}, wall_clock()});
        return std::nullopt;
    }
}

void NativeSession::report(Running& trial, const kernels::SlotMetrics& metrics, std::vector<TrialNews>& news) {
    ReportMessage message;
    message.metrics = named_metrics(metrics, trainer_.take_training_loss(trial.place));
    study::Report report = trial.reports.take(message, wall_clock());
    trial.watch.heard(std::chrono::steady_clock::now());
    const bool stops = std::ranges::any_of(report.metrics, [this](const auto& reported) {
        return std::ranges::any_of(
            stop_, [&](const auto& limit) { return limit.first == reported.first && reported.second >= limit.second; });
    });
    // A network that has diverged does not come back.
    const bool over = stops || !std::isfinite(metrics.loss);
    trial.epochs_left = over ? 0 : trial.epochs_left - 1;
    news.emplace_back(AttemptReported{trial.order.trial, trial.order.attempt, std::move(report)});
}

std::string NativeSession::save_model(const Running& trial) const {
    const auto folder = trial_folder(trials_folder_, trial.order.trial);
    if (std::string problem = make_folder(folder); !problem.empty()) {
        return problem;
    }
    try {
        const kernels::Bucket& bucket = *trial.place.bucket;
        const kernels::Network network = bucket.network(trial.place.slot);
        write_model(folder / "model.h5",
                    {events_.features, trainer_.data(), bucket.row(trial.place.slot).settings, network});
    } catch (const OutputError& error) {
        return error.what();
    }
    return "";
}

void NativeSession::end_if_over(std::optional<Running>& slot, std::vector<TrialNews>& news) {
    static_cast<void>(slot->watch.advance(std::chrono::steady_clock::now()));
    const bool done = slot->epochs_left == 0;
    if (!done && !slot->watch.imposed()) {
        return;
    }
    Verdict verdict = judge({slot->watch, slot->reports, std::nullopt, std::nullopt, done, false, {}});
    const bool keeps = verdict.outcome == study::Outcome::completed || verdict.outcome == study::Outcome::stopped;
    if (std::string problem = keeps ? save_model(*slot) : ""; !problem.empty()) {
        verdict = {study::Outcome::failed, std::move(problem)};
    }
    news.emplace_back(AttemptEnded{
        slot->order.trial, slot->order.attempt, verdict.outcome, std::move(verdict.error), {}, wall_clock()});
    trainer_.stop(slot->place);
    slot.reset();
}

}  // namespace hpogrid::trials
