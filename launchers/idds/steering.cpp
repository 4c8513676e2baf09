#include "launchers/idds/steering.hpp"

#include "engine/config/located.hpp"
#include "engine/config/printable.hpp"
#include "engine/core/error.hpp"
#include "engine/optimizers/registry.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>

namespace hpogrid::launchers {
namespace {

using nlohmann::json;
using optimizers::Observation;

json points_of(const json& history, const std::string& file) {
    const auto points = history.is_object() ? history.find("points") : history.end();
    if (points == history.end() || !points->is_array()) {
        throw InputError{
            fmt::format("{}: is no history of points, allowed: {{\"points\": [[{{…}}, result], …]}}", file)};
    }
    return *points;
}

/// NaN where there is none that counts.
double score_of(const json& result, const SteeringPlan& plan) {
    const json value = result.is_object() ? result.value(plan.metric, json{}) : result;
    return value.is_number() ? study::score(plan.mode, value.get<double>()) : std::numeric_limits<double>::quiet_NaN();
}

void learn(optimizers::Optimizer& optimizer, const json& points, const std::string& file, const SteeringPlan& plan) {
    for (std::size_t index = 0; index < points.size(); ++index) {
        const json& entry = points[index];
        if (!entry.is_array() || entry.empty() || entry.size() > 2 || !entry[0].is_object()) {
            throw InputError{fmt::format("{}: points[{}] is {}, allowed: [{{hyperparameter: value}}, result]", file,
                                         index, config::printable_value(entry))};
        }
        const TrialId trial{static_cast<std::uint32_t>(index)};
        try {
            optimizer.tell({Observation::Kind::pending, trial, plan.space.point(entry[0])});
        } catch (const InputError& error) {
            throw InputError{fmt::format("{}: points[{}]: {}", file, index, error.what())};
        }
        if (entry.size() == 1 || entry[1].is_null()) {
            continue;
        }
        const double score = score_of(entry[1], plan);
        const auto kind = std::isfinite(score) ? Observation::Kind::finished : Observation::Kind::failed;
        optimizer.tell({kind, trial, {}, std::isfinite(score) ? score : 0.0});
    }
}

}  // namespace

json next_points(const json& history, const std::string& file, const SteeringPlan& plan) {
    const json points = points_of(history, file);
    const json no_parameters = json::object();
    const auto optimizer = optimizers::make_optimizer(plan.method, {.space = plan.space,
                                                                    .parameters = no_parameters,
                                                                    .seed = plan.seed,
                                                                    .num_trials = plan.max_points,
                                                                    .concurrency = plan.num_points});
    learn(*optimizer, points, file, plan);
    const std::size_t left = plan.max_points - std::min(plan.max_points, points.size());
    json next = json::array();
    for (const optimizers::Suggestion& suggestion : optimizer->ask(std::min(plan.num_points, left))) {
        next.push_back(plan.space.configuration(suggestion.point));
    }
    return next;
}

}  // namespace hpogrid::launchers
