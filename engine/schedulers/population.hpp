#pragma once

#include "engine/schedulers/exploration.hpp"
#include "engine/schedulers/registry.hpp"

#include <memory>
#include <string>

namespace hpogrid {
class ParameterReader;
}

namespace hpogrid::schedulers {

/// What schedulers of populations have in common, with Ray Tune's names and defaults.
struct PopulationOptions {
    std::string time_attribute{"time_total_s"};
    double perturbation_interval{60};
    double burn_in_period{0};
    double quantile_fraction{0.25};
    bool synch{false};
};

/// Reads time_attr, perturbation_interval, quantile_fraction and synch; accepts require_attrs and log_config, which
/// mean nothing here: reports without the metric are passed over, and every change of hyperparameters is in the
/// journal.
[[nodiscard]] PopulationOptions read_population_options(ParameterReader& parameters);

/// Trains a population: at intervals, a trial among the worst takes over weights and hyperparameters of one among the
/// best, and explores from there.
///
/// Source: Jaderberg et al., "Population Based Training of Neural Networks", 2017, in the form of Ray Tune's
/// PopulationBasedTraining. Quantiles are of the last scores of the trials that have not ended, NaN left out; the size
/// of a quantile is rounded up, at most half of the trials. A trial can be a source from the moment when it was among
/// the best at a perturbation of its own. With more trials than places, the population takes turns: a trial that has
/// had its interval gives its place to the one that has trained least. With synch, all trials wait for each other.
///
/// Deviations: with synch, meetings are at multiples of the interval, whatever a trial has behind it: one that began
/// anew runs up to the others. The trial that arrives last goes on in its place unless it exploits another, the
/// population also moves on when the trial that it waited for has ended, and a trial without a checkpoint does not
/// wait.
[[nodiscard]] std::unique_ptr<Scheduler> make_population(PopulationOptions options,
                                                         std::unique_ptr<Exploration> exploration, std::uint64_t seed);

}  // namespace hpogrid::schedulers
