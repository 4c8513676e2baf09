#pragma once

#include "engine/optimizers/known_points.hpp"
#include "engine/optimizers/optimizer.hpp"
#include "engine/space/space.hpp"
#include "engine/space/value.hpp"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <set>
#include <span>
#include <vector>

namespace hpogrid::optimizers {

/// A report on the way of a trial. `score` is to be minimised and finite.
struct IntermediateScore {
    double iteration;
    double score;
};

/// One trial as an optimiser knows it.
struct KnownTrial {
    enum class State : std::uint8_t {
        absent,  ///< never told, or withdrawn
        pending,
        finished,
        failed,
    };
    State state{State::absent};
    space::Point point;
    std::vector<double> unit;  ///< [dimension], as Space::encode writes the point
    double score{0.0};         ///< finite; meaningful when `finished`
    /// Ascending in iteration. Those of a trial that started again replace the earlier ones from there on.
    std::vector<IntermediateScore> intermediate;
};

/// What a learning optimiser knows of all trials: what ask() suggested and tell() said, in one place.
class TrialHistory {
  public:
    /// `space` outlives this.
    explicit TrialHistory(const space::Space& space);

    /// Takes in a tell. Answers whether anything changed: tells about unknown trials do not.
    bool tell(const Observation& observation);
    /// Takes note of an own suggestion: the trial `next_index()`, pending.
    void suggest(const space::Point& point);

    /// Id of the next trial: everything below was suggested here or told.
    [[nodiscard]] std::uint32_t next_index() const noexcept { return static_cast<std::uint32_t>(trials_.size()); }
    /// By the index of the trial, gaps `absent`.
    [[nodiscard]] std::span<const KnownTrial> trials() const noexcept { return trials_; }
    /// Indices of the `finished` trials in the order in which they finished: grows at the end only.
    [[nodiscard]] std::span<const std::uint32_t> finished() const noexcept { return finished_; }
    /// Indices of the `failed` trials in the order in which they failed: grows at the end only.
    [[nodiscard]] std::span<const std::uint32_t> failed() const noexcept { return failed_; }
    /// Indices of the `pending` trials, ascending.
    [[nodiscard]] const std::set<std::uint32_t>& pending() const noexcept { return pending_; }
    /// Index of the finished trial with the lowest score; the first of equals.
    [[nodiscard]] std::optional<std::uint32_t> best() const noexcept { return best_; }

    /// Points of all trials that are not absent.
    [[nodiscard]] const KnownPoints& points() const noexcept { return points_; }
    /// See KnownPoints::first_unknown.
    [[nodiscard]] std::optional<space::Point> first_unknown() { return points_.first_unknown(); }

  private:
    bool take_pending(std::uint32_t index, const space::Point& point);

    const space::Space& space_;
    KnownPoints points_;
    std::vector<KnownTrial> trials_;
    std::vector<std::uint32_t> finished_;
    std::vector<std::uint32_t> failed_;
    std::set<std::uint32_t> pending_;
    std::optional<std::uint32_t> best_;
};

}  // namespace hpogrid::optimizers
