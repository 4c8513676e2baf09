#include "engine/study/study.hpp"

#include "engine/core/bytes.hpp"
#include "engine/study/event_codec.hpp"
#include "engine/study/study_state.hpp"

#include <fmt/format.h>

#include <cmath>
#include <string>
#include <utility>

namespace hpogrid::study {

std::size_t& Counts::of(TrialState state) noexcept {
    switch (state) {
        case TrialState::queued:
            return queued;
        case TrialState::assigned:
            return assigned;
        case TrialState::running:
            return running;
        case TrialState::paused:
            return paused;
        case TrialState::completed:
            return completed;
        case TrialState::stopped:
            return stopped;
        case TrialState::failed:
            return failed;
        case TrialState::timeout:
            return timeout;
        case TrialState::oom:
            return oom;
        case TrialState::lost:
            return lost;
        case TrialState::cancelled:
            return cancelled;
    }
    return cancelled;
}

Study::Study(Settings settings, std::unique_ptr<schedulers::Scheduler> scheduler)
    : state_{std::make_unique<State>(std::move(settings), std::move(scheduler))} {}
Study::Study(Study&&) noexcept = default;
Study& Study::operator=(Study&&) noexcept = default;
Study::~Study() = default;

void Study::apply(const Event& event, std::vector<Action>& actions) {
    state_->apply(event, actions);
}

const Settings& Study::settings() const noexcept {
    return state_->settings;
}
std::span<const Trial> Study::trials() const noexcept {
    return state_->trials;
}
const Trial& Study::trial(TrialId id) const {
    return state_->trials.at(id.value);
}
std::span<const Worker> Study::workers() const noexcept {
    return state_->workforce.workers();
}
const MetricTable& Study::metrics() const noexcept {
    return state_->metrics;
}
const Counts& Study::counts() const noexcept {
    return state_->counts;
}
std::optional<TrialId> Study::best() const noexcept {
    return state_->best;
}
double Study::objective(const Trial& trial) const noexcept {
    return trial.best_metrics.empty() ? Trial::missing : trial.best_metrics[0];
}
std::size_t Study::accepted_reports() const noexcept {
    return state_->accepted_reports;
}
bool Study::finished() const noexcept {
    return state_->finished;
}
bool Study::stop_requested() const noexcept {
    return state_->stop_requested;
}
const CheckpointBook& Study::checkpoints() const noexcept {
    return state_->checkpoints;
}
std::optional<Checkpoint> Study::checkpoint(const Trial& trial) const {
    return state_->checkpoint_of(trial);
}
const std::string& Study::time_attribute() const noexcept {
    return state_->time_attribute();
}
bool Study::out_of_time() const noexcept {
    return state_->out_of_time();
}
std::vector<TrialId> Study::running_out_of_time(double now, double warning) const {
    return state_->running_out_of_time(now, warning);
}
std::uint64_t Study::digest() const {
    return state_->digest();
}

std::string Study::State::missing_score(const Trial& trial) const {
    if (!trial.last_metrics.empty() && !std::isnan(trial.last_metrics[0])) {
        return fmt::format("metric '{}' is {} at the last report", settings.metric, trial.last_metrics[0]);
    }
    if (!trial.best_metrics.empty()) {
        return fmt::format("metric '{}' is nan or missing at the last report", settings.metric);
    }
    std::string reported;
    for (std::size_t i = 1; i < trial.last_metrics.size(); ++i) {
        if (!std::isnan(trial.last_metrics[i])) {
            reported += (reported.empty() ? "" : ", ") + metrics.names()[i];
        }
    }
    return fmt::format("reported no number for metric '{}' (reported: {})", settings.metric,
                       reported.empty() ? "nothing" : reported);
}

std::uint64_t Study::State::digest() const {
    ByteWriter writer;
    writer.u8(stop_requested ? 1 : 0);
    writer.u8(finished ? 1 : 0);
    writer.f64(deadline_.value_or(0.0));
    writer.f64(now_);
    for (const Trial& trial : trials) {
        writer.u8(static_cast<std::uint8_t>(trial.state));
        writer.u32(trial.attempt);
        writer.u32(trial.failures);
        writer.u32(trial.losses);
        writer.u32(trial.worker.value);
        writer.u32(trial.slot.value);
        writer.u32(trial.checkpoint);
        encode(trial.point, writer);
        writer.text(trial.origin);
        writer.f64(trial.started);
        writer.f64(trial.ended);
        writer.f64(trial.iterations);
        for (const auto* values : {&trial.best_metrics, &trial.last_metrics}) {
            writer.u32(static_cast<std::uint32_t>(values->size()));
            for (const double value : *values) {
                writer.f64(value);
            }
        }
        writer.text(trial.error);
        writer.text(trial.log);
    }
    for (const Checkpoint& checkpoint : checkpoints.all()) {
        writer.text(folder_name(checkpoint));
    }
    // FNV-1a, 64 bits.
    std::uint64_t hash = 0xcbf29ce484222325;
    for (const std::byte byte : writer.bytes()) {
        hash = (hash ^ std::to_integer<std::uint64_t>(byte)) * 0x100000001b3;
    }
    return hash;
}

}  // namespace hpogrid::study
