#include "engine/schedulers/bandit_exploration.hpp"

#include "engine/numerics/bounded_minimizer.hpp"

#include <algorithm>
#include <cmath>
#include <nlohmann/json.hpp>
#include <utility>

namespace hpogrid::schedulers {

using Eigen::Index;
using Eigen::VectorXd;
using nlohmann::json;

namespace {

constexpr std::string_view key = "hyperparam_bounds";
/// Standard deviations that a gain counts for at most.
constexpr double most_deviations = 2.0;

bool is_number(const space::Parameter& parameter) {
    return may_change(parameter) && !std::holds_alternative<space::Categorical>(parameter.method);
}

HyperparameterRange read_range(const space::Parameter& parameter, const json& bounds, const Naming& naming) {
    if (!bounds.is_array() || bounds.size() != 2 || !is_number(parameter)) {
        refuse(naming, parameter.name, bounds, "[low, high], for a hyperparameter that is a number");
    }
    const space::Value low = read_value(parameter, bounds[0], naming);
    const space::Value high = read_value(parameter, bounds[1], naming);
    if (number_of(low) > number_of(high)) {
        refuse(naming, parameter.name, bounds, "[low, high] with low at most high");
    }
    return {parameter.method, low, high};
}

VectorXd standardised(VectorXd values) {
    values.array() -= values.mean();
    const double deviation = std::sqrt(values.squaredNorm() / static_cast<double>(values.size()));
    if (deviation > 0.0) {
        values /= deviation;
    }
    return values.cwiseMax(-most_deviations).cwiseMin(most_deviations);
}

}  // namespace

BanditExploration::BanditExploration(const space::Space& space, const json& bounds, Options options,
                                     std::string_view owner)
    : space_{space}, options_{options} {
    if (bounds.is_null()) {
        for (std::size_t i = 0; i < space.parameters().size(); ++i) {
            if (is_number(space.parameters()[i])) {
                genes_.push_back({i, HyperparameterRange{space.parameters()[i].method}});
            }
        }
        return;
    }
    const Naming naming{key, owner};
    for (const auto& [name, written] : bounds.items()) {
        const std::size_t index = changeable_parameter(space, name, naming);
        genes_.push_back({index, read_range(space.parameters()[index], written, naming)});
    }
}

std::vector<std::string> BanditExploration::names() const {
    std::vector<std::string> names;
    for (const Gene& gene : genes_) {
        names.push_back(space_.parameters()[gene.parameter].name);
    }
    return names;
}

void BanditExploration::on_interval(TrialId trial, const space::Point& point, double time, double score) {
    Run now{.time = time / options_.interval, .score = score, .places = places(point)};
    const auto run = runs_.find(trial);
    // A trial that goes on from a checkpoint after its worker died has gone back in time.
    if (run != runs_.end() && now.time > run->second.time) {
        const double by_time = (run->second.score - score) / (now.time - run->second.time);
        if (std::isfinite(by_time)) {
            gains_.push_back({run->second, by_time});
            ++gained_;
        }
    }
    if (gains_.size() > options_.most_gains) {
        gains_.pop_front();
    }
    runs_[trial] = std::move(now);
}

space::Point BanditExploration::explore(TrialId trial, TrialId source, const space::Point& point,
                                        RandomStream& random) {
    const auto from = runs_.find(source);
    runs_.erase(trial);
    if (from == runs_.end()) {
        return point;
    }
    Run run = from->second;
    run.explores = true;
    space::Point changed = point;
    if (!gains_.empty() && !genes_.empty() && std::isfinite(run.score)) {
        const ScoreScale scale = score_scale();
        TimeVaryingProcess process = learn(scale);
        for (const Run* other : pending()) {
            process.imagine({other->places, scale(run.score), run.time});
        }
        run.places = highest_bound(process, {run.places, scale(run.score), run.time}, random);
        changed = with_absent_drawn(space_, std::move(changed), random);
        for (std::size_t i = 0; i < genes_.size(); ++i) {
            changed[genes_[i].parameter] = genes_[i].range.at(run.places(static_cast<Index>(i)));
        }
        space_.apply_conditions(changed);
    }
    runs_[trial] = std::move(run);
    return changed;
}

VectorXd BanditExploration::places(const space::Point& point) const {
    VectorXd places(static_cast<Index>(genes_.size()));
    for (std::size_t i = 0; i < genes_.size(); ++i) {
        const space::Value& value = point[genes_[i].parameter];
        constexpr double absent = 0.5;
        places(static_cast<Index>(i)) =
            std::holds_alternative<space::Inactive>(value) ? absent : genes_[i].range.share_of(value);
    }
    return places;
}

std::vector<const BanditExploration::Run*> BanditExploration::pending() const {
    std::vector<const Run*> pending;
    for (const auto& [trial, run] : runs_) {
        if (run.explores) {
            pending.push_back(&run);
        }
    }
    std::ranges::stable_sort(pending, std::ranges::greater{}, &Run::time);
    pending.resize(std::min(pending.size(), options_.most_pending));
    return pending;
}

BanditExploration::ScoreScale BanditExploration::score_scale() const {
    const auto [lowest, highest] =
        std::ranges::minmax_element(gains_, {}, [](const Gain& gain) { return gain.before.score; });
    return {lowest->before.score, highest->before.score - lowest->before.score};
}

TimeVaryingProcess BanditExploration::learn(const ScoreScale& scale) {
    const auto count = static_cast<Index>(gains_.size());
    TimeVaryingProcess::Data data{
        {static_cast<Index>(genes_.size()), count}, VectorXd(count), VectorXd(count), VectorXd(count)};
    for (Index i = 0; i < count; ++i) {
        const Gain& gain = gains_[static_cast<std::size_t>(i)];
        data.features.col(i) = gain.before.places;
        data.states(i) = scale(gain.before.score);
        data.times(i) = gain.before.time;
        data.targets(i) = gain.by_time;
    }
    data.targets = standardised(std::move(data.targets));
    if (gained_ >= next_fit_) {
        fitted_ = TimeVaryingProcess::fit(data, fitted_);
        next_fit_ = gained_ + 1 + gains_.size() / 20;
    }
    return {data, fitted_};
}

VectorXd BanditExploration::highest_bound(const TimeVaryingProcess& process, TimeVaryingProcess::Place start,
                                          RandomStream& random) const {
    const double width = std::sqrt(0.2 + std::max(0.0, std::log(0.4 * static_cast<double>(gains_.size()))));
    const Index genes = start.features.size();
    TimeVaryingProcess::Place place = start;
    const numerics::SmoothFunction objective = [&](const VectorXd& features, VectorXd& gradient) {
        place.features = features;
        const auto belief = process.predict(place);
        const double deviation = std::sqrt(belief.variance);
        gradient = -(belief.mean_gradient + width / (2.0 * deviation) * belief.variance_gradient);
        return -(belief.mean + width * deviation);
    };
    std::vector<numerics::Minimum> places;
    VectorXd unused(genes);
    for (std::size_t i = 0; i < options_.candidates; ++i) {
        VectorXd features(genes);
        for (double& one : features) {
            one = random.uniform();
        }
        const double value = objective(features, unused);
        places.push_back({std::move(features), value, 1});
    }
    const std::size_t starts = std::min(options_.starts, places.size());
    std::ranges::partial_sort(places, places.begin() + static_cast<std::ptrdiff_t>(starts), {},
                              &numerics::Minimum::value);
    places.resize(starts);
    places.push_back({start.features, objective(start.features, unused), 1});
    numerics::Minimum best = places.back();
    for (const numerics::Minimum& from : places) {
        auto found = numerics::minimize_bounded(objective, from.x, VectorXd::Zero(genes), VectorXd::Ones(genes),
                                                {.first_step = 0.1, .value_tolerance = 1e-6});
        if (found.value < best.value) {
            best = std::move(found);
        }
    }
    return best.x;
}

}  // namespace hpogrid::schedulers
