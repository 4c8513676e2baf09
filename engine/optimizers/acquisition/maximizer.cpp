#include "engine/optimizers/acquisition/maximizer.hpp"

#include <algorithm>
#include <cmath>
#include <utility>

namespace hpogrid::optimizers {
namespace {

/// Starts nearer than this in every dimension climb the same hill.
constexpr double apart = 0.02;

bool near(std::span<const double> a, std::span<const double> b) {
    return std::ranges::equal(a, b, [](double x, double y) { return std::abs(x - y) < apart; });
}

/// Indices of finite values, best first.
std::vector<std::size_t> ranking(const Eigen::VectorXd& values) {
    std::vector<std::size_t> order;
    for (Eigen::Index i = 0; i < values.size(); ++i) {
        if (std::isfinite(values(i))) {
            order.push_back(static_cast<std::size_t>(i));
        }
    }
    std::ranges::stable_sort(order, std::ranges::greater{},
                             [&](std::size_t i) { return values(static_cast<Eigen::Index>(i)); });
    return order;
}

ScoredPlace scored(const CandidateSet& candidates, const Eigen::VectorXd& values, std::size_t index) {
    const auto unit = candidates.unit(index);
    return {{unit.begin(), unit.end()}, values(static_cast<Eigen::Index>(index))};
}

/// The best candidates that are apart from each other.
std::vector<ScoredPlace> starts_of(const CandidateSet& candidates, const Eigen::VectorXd& values,
                                   std::span<const std::size_t> order, std::size_t count) {
    std::vector<ScoredPlace> starts;
    for (const std::size_t index : order) {
        if (starts.size() == count) {
            break;
        }
        const auto unit = candidates.unit(index);
        if (std::ranges::none_of(starts, [&](const ScoredPlace& start) { return near(start.unit, unit); })) {
            starts.push_back(scored(candidates, values, index));
        }
    }
    return starts;
}

class Proposals {
  public:
    Proposals(const FeatureMap& map, const KnownPoints& known, std::size_t most)
        : map_{map}, known_{known}, most_{most} {}

    [[nodiscard]] bool full() const noexcept { return proposals_.size() >= most_; }
    void add(ScoredPlace place) {
        space::Point point = map_.point(place.unit);
        if (!full() && std::isfinite(place.value) && !known_.contains(point) &&
            std::ranges::find(proposals_, point, &ProposedPoint::point) == proposals_.end()) {
            proposals_.push_back({std::move(point), std::move(place.unit), place.value});
        }
    }
    [[nodiscard]] std::vector<ProposedPoint> take() {
        std::ranges::stable_sort(proposals_, std::ranges::greater{}, &ProposedPoint::value);
        return std::move(proposals_);
    }

  private:
    const FeatureMap& map_;
    const KnownPoints& known_;
    std::size_t most_;
    std::vector<ProposedPoint> proposals_;
};

}  // namespace

std::vector<ProposedPoint> maximize(const Acquisition& acquisition, const FeatureMap& map, const KnownPoints& known,
                                    std::span<const std::vector<double>> anchors, RandomStream& random,
                                    const MaximizerLimits& limits, const SearchRegion& region) {
    CandidateSet candidates{map, limits.quasi_random + limits.mutations};
    add_quasi_random(candidates, map, region, limits.quasi_random, random);
    add_mutations(candidates, map, region, anchors, limits.mutations, random);
    const Eigen::VectorXd values = acquisition.values(candidates.features());
    const std::vector<std::size_t> order = ranking(values);

    std::vector<ScoredPlace> climbed = starts_of(candidates, values, order, limits.starts);
    LocalSearch search{acquisition, map, region, limits.local};
    for (ScoredPlace& place : climbed) {
        place = search.climb(std::move(place), random);
    }
    std::ranges::stable_sort(climbed, std::ranges::greater{}, &ScoredPlace::value);

    Proposals proposals{map, known, limits.results};
    for (ScoredPlace& place : climbed) {
        proposals.add(std::move(place));
    }
    for (const std::size_t index : order) {
        if (proposals.full()) {
            break;
        }
        proposals.add(scored(candidates, values, index));
    }
    return proposals.take();
}

MaximizerLimits affordable_limits(Eigen::Index rows) {
    MaximizerLimits limits;
    const auto affordable = [&](double operations, std::size_t least, std::size_t most) {
        const double squared = std::max(1.0, static_cast<double>(rows) * static_cast<double>(rows));
        return std::clamp(static_cast<std::size_t>(operations / squared), least, most);
    };
    limits.quasi_random = affordable(4e8, 200, 1500);
    limits.mutations = affordable(1.5e8, 100, 500);
    limits.starts = affordable(5e6, 4, 8);
    limits.local.gradient_evaluations = affordable(4e7, 20, 40);
    return limits;
}

std::vector<std::vector<double>> best_places(const TrialHistory& history, std::size_t most) {
    std::vector<std::uint32_t> order{history.finished().begin(), history.finished().end()};
    const auto end = order.begin() + static_cast<std::ptrdiff_t>(std::min(most, order.size()));
    std::partial_sort(order.begin(), end, order.end(), [&](std::uint32_t a, std::uint32_t b) {
        // By the trial among equals: the order must not depend on the algorithm of the sort.
        return std::pair{history.trials()[a].score, a} < std::pair{history.trials()[b].score, b};
    });
    std::vector<std::vector<double>> places;
    for (auto best = order.begin(); best != end; ++best) {
        places.push_back(history.trials()[*best].unit);
    }
    return places;
}

}  // namespace hpogrid::optimizers
