#include "engine/trials/attempt_watch.hpp"

#include <fmt/core.h>

namespace hpogrid::trials {

AttemptWatch::AttemptWatch(TimeLimits limits, Time started) noexcept
    : limits_{limits}, started_{started}, last_heard_{started} {}

void AttemptWatch::request_stop(StopCause cause) noexcept {
    if (!imposed_) {
        imposed_ = cause == StopCause::stopped ? study::Outcome::stopped : study::Outcome::cancelled;
    }
}

void AttemptWatch::left(Time now) noexcept {
    imposed_ = imposed_.value_or(study::Outcome::cancelled);
    terminated_ = terminated_.value_or(now);
}

AttemptWatch::Step AttemptWatch::advance(Time now) {
    if (!imposed_) {
        if (limits_.wall.count() > 0 && now - started_ >= limits_.wall) {
            imposed_ = study::Outcome::timeout;
            reason_ = fmt::format("ran longer than {:g} s (trial timeout)", limits_.wall.count());
        } else if (limits_.silence.count() > 0 && now - last_heard_ >= limits_.silence) {
            imposed_ = study::Outcome::timeout;
            reason_ = fmt::format("neither reported nor printed anything for {:g} s (silence timeout)",
                                  limits_.silence.count());
        }
    }
    if (!imposed_ || killed_) {
        return Step::none;
    }
    if (!terminated_) {
        terminated_ = now;
        return Step::terminate;
    }
    if (now - *terminated_ >= limits_.grace) {
        killed_ = true;
        return Step::kill;
    }
    return Step::none;
}

}  // namespace hpogrid::trials
