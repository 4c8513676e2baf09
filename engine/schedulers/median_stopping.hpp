#pragma once

#include "engine/schedulers/registry.hpp"

namespace hpogrid::schedulers {

/// `median_stopping`: a trial ends when its best score so far is strictly worse than the median, over the other trials
/// that have got as far, of the mean of their scores from the grace period to this time.
///
/// Source: Golovin et al., "Google Vizier", KDD 2017, section 3.2, in the form of Ray Tune's MedianStoppingRule with
/// its names and defaults (time_attr "time_total_s", grace_period 60, min_samples_required 3, min_time_slice 0,
/// hard_stop true). Until there are enough other trials to compare with, a trial that has had its time slice yields to
/// those that wait. With hard_stop false, a bad trial is paused and goes on undisturbed when no new one waits.
///
/// Deviation: scores that are not finite are no candidates for a trial's best one; a trial without any finite score is
/// worse than the median. Where trials cannot pause none yields, nor once a trial has found enough others.
[[nodiscard]] std::unique_ptr<Scheduler> make_median_stopping(const SchedulerContext& context);

}  // namespace hpogrid::schedulers
