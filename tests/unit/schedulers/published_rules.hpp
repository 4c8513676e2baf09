#pragma once

#include "engine/core/random.hpp"

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <limits>
#include <map>
#include <optional>
#include <set>
#include <utility>
#include <vector>

namespace hpogrid::schedulers::published {

// The rules of Ray Tune's schedulers, as its documentation states them, written down as plainly as they can be: what
// the schedulers are compared with, case by case. Metrics are maximised here.

/// Learning curves to decide on, in eighths: many ties, and sums without rounding; NaN now and then.
class Curves {
  public:
    Curves(std::uint64_t seed, std::uint32_t trials, int length, double nan_rate = 0.1) {
        RandomStream random{seed, 0, RandomPurpose::simulation};
        for (std::uint32_t trial = 0; trial < trials; ++trial) {
            const double end = random.uniform();
            auto& curve = curves_.emplace_back();
            for (int i = 1; i <= length; ++i) {
                const double value = 8.0 * end * (1.0 - std::exp(-i / 3.0)) + random.uniform();
                curve.push_back(random.uniform() < nan_rate ? std::numeric_limits<double>::quiet_NaN()
                                                            : std::round(value) / 8.0);
            }
        }
    }
    /// Metric at this iteration, counted from 1.
    [[nodiscard]] double at(std::uint32_t trial, double iteration) const {
        return curves_[trial][static_cast<std::size_t>(iteration) - 1];
    }

  private:
    std::vector<std::vector<double>> curves_;
};

/// NumPy's nanpercentile of a share, linearly interpolated; NaN without a number.
inline double nan_quantile(std::vector<double> values, double share) {
    std::erase_if(values, [](double value) { return std::isnan(value); });
    if (values.empty()) {
        return std::numeric_limits<double>::quiet_NaN();
    }
    std::ranges::sort(values);
    const double position = share * static_cast<double>(values.size() - 1);
    const auto below = static_cast<std::size_t>(position);
    const double above = values[std::min(below + 1, values.size() - 1)];
    const double rest = position - static_cast<double>(below);
    // As NumPy does it: exact at both ends.
    return rest < 0.5 ? values[below] + (above - values[below]) * rest : above - (above - values[below]) * (1.0 - rest);
}

/// ASHA with one bracket: a trial stops at max_t, or if its metric is below the cutoff of the highest rung that it has
/// reached and was not recorded at.
struct Asha {
    double grace, factor, max_t;
    bool stop_last_trials;
    std::map<double, std::map<std::uint32_t, double>, std::greater<>> rungs;

    Asha(double grace_period, double reduction_factor, double longest, bool stop_last)
        : grace{grace_period}, factor{reduction_factor}, max_t{longest}, stop_last_trials{stop_last} {
        for (double milestone = grace; milestone <= max_t; milestone *= factor) {
            rungs[milestone];
        }
    }
    [[nodiscard]] bool continues(std::uint32_t trial, double time, double metric) {
        if (time >= max_t && stop_last_trials) {
            return false;
        }
        for (auto& [milestone, recorded] : rungs) {
            if (time >= milestone && recorded.contains(trial) && !stop_last_trials) {
                return true;
            }
            if (time >= milestone && !recorded.contains(trial)) {
                std::vector<double> before;
                for (const auto& [other, value] : recorded) {
                    before.push_back(value);
                }
                const bool stops = metric < nan_quantile(before, 1.0 - 1.0 / factor);
                recorded[trial] = metric;
                return !stops;
            }
        }
        return true;
    }
};

/// A trial stops if its best metric is below the median, over the others that have got as far, of the means of their
/// metrics from the grace period to this time.
struct MedianRule {
    double grace;
    std::size_t min_samples;
    std::map<std::uint32_t, std::vector<std::pair<double, double>>> results;

    [[nodiscard]] bool continues(std::uint32_t trial, double time, double metric) {
        results[trial].emplace_back(time, metric);
        if (time < grace) {
            return true;
        }
        std::vector<double> means;
        for (const auto& [other, reported] : results) {
            double sum = 0.0;
            double count = 0.0;
            for (const auto& [when, value] : reported) {
                sum += when >= grace && when <= time ? value : 0.0;
                count += when >= grace && when <= time ? 1.0 : 0.0;
            }
            if (other != trial && reported.back().first >= time && count > 0 && std::isfinite(sum)) {
                means.push_back(sum / count);
            }
        }
        if (means.size() < min_samples) {
            return true;
        }
        double best = -std::numeric_limits<double>::infinity();
        for (const auto& [when, value] : results[trial]) {
            best = value > best ? value : best;  // NaN is no best
        }
        std::ranges::sort(means);
        return best >= (means[(means.size() - 1) / 2] + means[means.size() / 2]) / 2.0;
    }
};

/// Synchronous HyperBand: iterations that each trial gets. The brackets of a band are filled one after the other.
inline std::vector<double> halve(const Curves& curves, std::uint32_t trials, double max_t, double factor,
                                 bool largest_first) {
    const int brackets = static_cast<int>(std::round(std::log(max_t) / std::log(factor))) + 1;
    std::vector<double> iterations(trials, 0.0);
    std::uint32_t next = 0;
    for (int place = 0; next < trials; place = (place + 1) % brackets) {
        const int s = largest_first ? brackets - 1 - place : place;
        double keep = std::ceil(brackets / (s + 1.0) * std::pow(factor, s));
        double milestone = std::floor(max_t * std::pow(factor, -s));
        if (milestone < 1.0) {
            continue;
        }
        std::vector<std::uint32_t> group;
        for (double i = 0; i < keep && next < trials; ++i) {
            group.push_back(next++);
        }
        for (int halving = 0; halving < s; ++halving) {
            const auto metric = [&](std::uint32_t trial) {
                const double value = curves.at(trial, milestone);
                return std::isnan(value) ? -std::numeric_limits<double>::infinity() : value;
            };
            std::vector<std::uint32_t> ranked = group;
            std::ranges::stable_sort(ranked, {}, metric);
            keep = std::ceil(keep / factor);
            while (static_cast<double>(ranked.size()) > keep) {
                iterations[ranked.front()] = milestone;
                std::erase(group, ranked.front());
                ranked.erase(ranked.begin());
            }
            milestone = std::floor(std::min(milestone * factor, max_t));
        }
        for (const std::uint32_t trial : group) {
            iterations[trial] = milestone;
        }
    }
    return iterations;
}

/// Asynchronous PBT: who may take over whose weights. All trials are alive.
struct Pbt {
    double interval;
    double quantile;
    std::map<std::uint32_t, double> scores;
    std::map<std::uint32_t, double> perturbed;
    std::set<std::uint32_t> has_checkpoint;

    struct Verdict {
        bool due;
        bool among_the_worst;
        std::vector<std::uint32_t> best;
    };
    [[nodiscard]] Verdict report(std::uint32_t trial, double time, double metric) {
        if (time - perturbed[trial] < interval) {
            return {false, false, {}};
        }
        scores[trial] = metric;
        perturbed[trial] = time;
        std::vector<std::uint32_t> ranked;
        for (const auto& [one, score] : scores) {
            if (!std::isnan(score)) {
                ranked.push_back(one);
            }
        }
        std::ranges::stable_sort(ranked, {}, [&](std::uint32_t one) { return scores[one]; });
        const auto count = static_cast<double>(ranked.size());
        const auto size =
            count <= 1 ? 0U : static_cast<std::size_t>(std::min(std::ceil(count * quantile), std::floor(count / 2)));
        const std::vector<std::uint32_t> best(ranked.end() - static_cast<std::ptrdiff_t>(size), ranked.end());
        const bool worst = std::find(ranked.begin(), ranked.begin() + static_cast<std::ptrdiff_t>(size), trial) !=
                           ranked.begin() + static_cast<std::ptrdiff_t>(size);
        if (std::ranges::find(best, trial) != best.end()) {
            has_checkpoint.insert(trial);
        } else {
            has_checkpoint.erase(trial);
        }
        return {true, worst, best};
    }
    void exploit(std::uint32_t trial, std::uint32_t source) { perturbed[trial] = perturbed[source]; }
};

}  // namespace hpogrid::schedulers::published
