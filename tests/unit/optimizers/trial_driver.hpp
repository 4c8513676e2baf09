#pragma once

#include "engine/optimizers/registry.hpp"

#include <algorithm>
#include <cstdint>
#include <memory>
#include <nlohmann/json.hpp>
#include <string_view>
#include <utility>
#include <vector>

namespace hpogrid::optimizers {

/// An optimiser with somebody who numbers its trials and tells it about them, as the study does.
class TrialDriver {
  public:
    /// `space` outlives this.
    TrialDriver(std::string_view algorithm, const space::Space& space, std::uint64_t seed = 1)
        : optimizer_{make_optimizer(algorithm, {.space = space, .parameters = no_parameters_, .seed = seed})} {}

    /// The same with an `algorithm_param`.
    TrialDriver(std::string_view algorithm, const space::Space& space, const nlohmann::json& parameters,
                std::uint64_t seed)
        : optimizer_{make_optimizer(algorithm, {.space = space, .parameters = parameters, .seed = seed})} {}

    [[nodiscard]] Optimizer& optimizer() noexcept { return *optimizer_; }
    /// Of all trials, by id.
    [[nodiscard]] const std::vector<space::Point>& points() const noexcept { return points_; }

    /// A point from elsewhere.
    void add(const space::Point& point) {
        points_.push_back(point);
        tell(Observation::Kind::pending, points_.size() - 1);
    }
    void add_all(const std::vector<space::Point>& points) {
        std::ranges::for_each(points, [&](const space::Point& point) { add(point); });
    }

    /// Asks for so many at once; answers how many came.
    std::size_t ask(std::size_t count) {
        const auto suggestions = optimizer_->ask(count);
        for (const Suggestion& suggestion : suggestions) {
            add(suggestion.point);
        }
        return suggestions.size();
    }
    void ask_one_by_one(std::size_t count) {
        for (std::size_t i = 0; i < count; ++i) {
            ask(1);
        }
    }

    void tell(Observation::Kind kind, std::size_t trial, double score = 0.0) {
        const bool pending = kind == Observation::Kind::pending;
        optimizer_->tell({.kind = kind,
                          .trial = TrialId{static_cast<std::uint32_t>(trial)},
                          .point = pending ? points_.at(trial) : space::Point{},
                          .score = score,
                          .iteration = 1.0});
    }

  private:
    nlohmann::json no_parameters_;
    std::unique_ptr<Optimizer> optimizer_;
    std::vector<space::Point> points_;
};

}  // namespace hpogrid::optimizers
