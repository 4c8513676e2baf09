#include "engine/cluster/worker.hpp"

#include "engine/cluster/idle_wait.hpp"
#include "engine/cluster/message.hpp"
#include "engine/core/error.hpp"
#include "engine/core/overloaded.hpp"
#include "engine/core/wall_clock.hpp"

#include <fmt/format.h>
#include <poll.h>

#include <algorithm>
#include <filesystem>
#include <system_error>
#include <utility>

namespace hpogrid::cluster {
namespace {

study::Event to_event(trials::TrialNews&& news, WorkerId worker) {
    return std::visit(
        Overloaded{
            [&](trials::AttemptStarted& started) -> study::Event {
                return study::TrialStarted{started.trial, started.attempt, worker, started.slot, started.time};
            },
            [](trials::AttemptReported& reported) -> study::Event {
                return study::TrialReported{reported.trial, reported.attempt, std::move(reported.report)};
            },
            [](trials::AttemptSaved& saved) -> study::Event { return study::CheckpointSaved{saved.checkpoint}; },
            [](trials::AttemptEnded& ended) -> study::Event {
                return study::TrialEnded{ended.trial,          ended.attempt, ended.outcome, std::move(ended.error),
                                         std::move(ended.log), ended.time};
            },
        },
        news);
}

}  // namespace

Worker::Worker(Transport& transport, trials::Evaluator& evaluator, Options options)
    : transport_{transport},
      evaluator_{evaluator},
      options_{options},
      self_{static_cast<std::uint32_t>(transport.rank())} {}

WorkerEnd Worker::run() {
    last_heard_ = last_sent_ = last_active_ = steady_clock();
    while (!dismissal_) {
        const bool ordered = receive_orders();
        const bool news = forward_news();
        if (const auto loss = loss_of_controller()) {
            return *loss;
        }
        keep_in_touch();
        if (ordered || news) {
            last_active_ = steady_clock();
        } else {
            wait();
        }
    }
    return end_of(*dismissal_);
}

bool Worker::receive_orders() {
    bool any = false;
    while (auto envelope = transport_.receive()) {
        any = true;
        last_heard_ = steady_clock();
        Message message = decode_message(envelope->bytes);
        std::visit(Overloaded{
                       [&](Assign& assign) {
                           for (trials::TrialOrder& order : assign.orders) {
                               start(std::move(order));
                           }
                       },
                       [&](Stop& stop) {
                           if (stop.cause == trials::StopCause::leaving) {
                               evaluator_.leave(stop.trial, stop.attempt);
                           } else {
                               evaluator_.stop(stop.trial, stop.attempt, stop.cause);
                           }
                       },
                       [&](Proceed& proceed) { evaluator_.proceed(proceed.trial, proceed.attempt, proceed.milestone); },
                       [&](Acknowledge& acknowledge) {
                           unacknowledged_ -= std::min<std::size_t>(unacknowledged_, acknowledge.count);
                       },
                       [&](Shutdown& shutdown) { dismissal_ = shutdown; },
                       [](auto&) {},
                   },
                   message);
    }
    return any;
}

bool Worker::forward_news() {
    if (unacknowledged_ >= options_.window) {
        return false;
    }
    evaluator_.advance(news_);
    if (news_.empty()) {
        return false;
    }
    std::vector<study::Event> events;
    events.reserve(news_.size());
    for (trials::TrialNews& news : news_) {
        events.push_back(to_event(std::move(news), self_));
    }
    news_.clear();
    report(std::move(events));
    return true;
}

void Worker::report(std::vector<study::Event> events) {
    unacknowledged_ += events.size();
    transport_.send(0, encode(Events{std::move(events)}));
    last_sent_ = steady_clock();
}

void Worker::start(trials::TrialOrder order) {
    std::error_code error;
    if (!order.checkpoint.empty() && !std::filesystem::exists(order.checkpoint, error)) {
        report({study::CheckpointLost{
            order.trial, order.attempt,
            fmt::format("rank {} finds no checkpoint {}", self_.value, order.checkpoint.string())}});
        return;
    }
    evaluator_.start(std::move(order));
}

void Worker::keep_in_touch() {
    if (const double now = steady_clock(); now - last_sent_ >= options_.heartbeat_interval) {
        transport_.send(0, encode(Heartbeat{}));
        last_sent_ = now;
    }
}

void Worker::wait() {
    std::vector<pollfd> descriptors;
    evaluator_.add_descriptors(descriptors);
    if (options_.controller && options_.controller->descriptor() >= 0) {
        descriptors.push_back({options_.controller->descriptor(), POLLIN, 0});
    }
    IdleWait{transport_}(descriptors, steady_clock() - last_active_);
}

std::optional<WorkerEnd> Worker::loss_of_controller() const {
    if (options_.controller != nullptr && options_.controller->ended()) {
        return WorkerEnd::controller_died;
    }
    const bool silent = steady_clock() - last_heard_ > options_.controller_silence;
    return silent ? std::optional{WorkerEnd::controller_silent} : std::nullopt;
}

}  // namespace hpogrid::cluster
