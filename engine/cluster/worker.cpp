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
#include <iterator>
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
    last_sent_ = last_active_ = steady_clock();
    last_heard_ = awake_now_ = awake_.tick(last_active_);
    while (!dismissal_) {
        awake_now_ = awake_.tick(steady_clock());
        const bool ordered = receive_orders();
        if (called_back_) {
            return WorkerEnd::called_back;
        }
        const bool copies = follow_copies();
        const bool news = forward_news();
        if (const auto hindrance = evaluator_.hindrance()) {
            throw CannotEvaluate{*hindrance};
        }
        if (const auto loss = loss_of_controller()) {
            return *loss;
        }
        keep_in_touch();
        if (ordered || copies || news) {
            last_active_ = steady_clock();
        } else {
            wait();
        }
    }
    if (options_.copies != nullptr) {
        options_.copies->finish();
    }
    return end_of(*dismissal_);
}

bool Worker::receive_orders() {
    bool any = false;
    while (auto envelope = transport_.receive()) {
        any = true;
        last_heard_ = awake_now_;
        Message message = decode_message(envelope->bytes);
        std::visit(Overloaded{
                       [&](Assign& assign) {
                           for (trials::TrialOrder& order : assign.orders) {
                               take(std::move(order));
                           }
                       },
                       [&](Stop& order) { stop(order); },
                       [&](Proceed& proceed) { evaluator_.proceed(proceed.trial, proceed.attempt, proceed.milestone); },
                       [&](Acknowledge& acknowledge) {
                           unacknowledged_ -= std::min<std::size_t>(unacknowledged_, acknowledge.count);
                       },
                       [&](CopyCheckpoint& copy) {
                           if (options_.copies != nullptr) {
                               options_.copies->take(copy);
                           }
                       },
                       [&](Shutdown& shutdown) { dismissal_ = shutdown; },
                       [&](Settings&) { called_back_ = true; },
                       [&](auto& other) {
                           if (options_.courier != nullptr) {
                               options_.courier->take(other);
                           }
                       },
                   },
                   message);
    }
    return any;
}

bool Worker::forward_news() {
    const std::size_t held = options_.courier != nullptr ? options_.courier->held() : 0;
    if (unacknowledged_ + held < options_.window) {
        evaluator_.advance(news_);
    }
    const bool moved = options_.courier != nullptr && follow_courier();
    std::vector<trials::TrialNews>& outgoing = options_.courier != nullptr ? released_ : news_;
    if (outgoing.empty()) {
        return moved;
    }
    std::vector<study::Event> events;
    events.reserve(outgoing.size());
    for (trials::TrialNews& news : outgoing) {
        events.push_back(to_event(std::move(news), self_));
    }
    outgoing.clear();
    report(std::move(events));
    return true;
}

void Worker::report(std::vector<study::Event> events) {
    unacknowledged_ += events.size();
    transport_.send(0, encode(Events{std::move(events)}));
    last_sent_ = steady_clock();
}

bool Worker::follow_courier() {
    const bool any_news = !news_.empty();
    options_.courier->take(std::exchange(news_, {}));
    CheckpointCourier::Released released = options_.courier->release();
    for (trials::TrialOrder& order : released.orders) {
        evaluator_.start(std::move(order));
    }
    std::vector<study::Event> lost{std::make_move_iterator(released.lost.begin()),
                                   std::make_move_iterator(released.lost.end())};
    if (!lost.empty()) {
        report(std::move(lost));
    }
    std::ranges::move(released.news, std::back_inserter(released_));
    return any_news || !released.orders.empty() || !released.lost.empty();
}

bool Worker::follow_copies() {
    if (options_.copies == nullptr) {
        return false;
    }
    const bool under_way = options_.copies->advance();
    for (trials::TrialOrder& order : options_.copies->release()) {
        if (order.state) {
            evaluator_.start(std::move(order));
        } else {
            pass_on(std::move(order));
        }
    }
    if (options_.copies->has_failed() && !std::exchange(told_end_of_copying_, true)) {
        transport_.send(0, encode(CopyingEnded{}));
    }
    return under_way;
}

void Worker::take(trials::TrialOrder order) {
    if (options_.copies != nullptr) {
        options_.copies->take(std::move(order));
    } else {
        pass_on(std::move(order));
    }
}

void Worker::pass_on(trials::TrialOrder order) {
    if (options_.courier != nullptr) {
        options_.courier->take(std::move(order));
    } else {
        start(std::move(order));
    }
}

void Worker::stop(const Stop& order) {
    if (options_.copies != nullptr) {
        if (auto waiting = options_.copies->withdraw(order.trial, order.attempt)) {
            pass_on(std::move(*waiting));
        }
        follow_copies();
    }
    if (options_.courier != nullptr) {
        options_.courier->stop(order.trial, order.attempt);
        // What is to be stopped must have been started.
        follow_courier();
    }
    if (order.cause == trials::StopCause::leaving) {
        evaluator_.leave(order.trial, order.attempt);
    } else {
        evaluator_.stop(order.trial, order.attempt, order.cause);
    }
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
    const bool silent = awake_now_ - last_heard_ > options_.controller_silence;
    return silent ? std::optional{WorkerEnd::controller_silent} : std::nullopt;
}

}  // namespace hpogrid::cluster
