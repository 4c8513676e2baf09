#pragma once

#include "engine/study/trial.hpp"
#include "engine/trials/trial_channel.hpp"

#include <cstddef>
#include <optional>
#include <string>

namespace hpogrid::trials {

/// The reports of one attempt: completes them, and remembers why there is no score.
class ReportBook {
  public:
    /// `metric`: the objective, empty if unknown. `started`: seconds since the epoch. `continues`: it goes on from a
    /// checkpoint, and may have nothing to add to what was reported before.
    ReportBook(std::string metric, double started, bool continues = false);

    /// Adds `training_iteration` (counted from 1, or the message's iteration) and `time_total_s` where they are absent.
    [[nodiscard]] study::Report take(const ReportMessage& message, double now);

    [[nodiscard]] std::size_t count() const noexcept { return count_; }
    /// Why an attempt that ended without an error has no score: nothing reported, the objective missing, not a number
    /// or never finite. Nothing if it has one.
    [[nodiscard]] std::optional<std::string> why_no_score() const;

  private:
    std::string metric_;
    double started_;
    bool continues_;
    std::size_t count_{0};
    double iteration_{0.0};
    bool scored_{false};
    std::string seen_;     ///< last value of the objective that is no score
    std::string refusal_;  ///< last thing refused
    std::string names_;    ///< what was reported last
};

}  // namespace hpogrid::trials
