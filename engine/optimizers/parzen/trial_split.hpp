#pragma once

#include "engine/optimizers/trial_history.hpp"

#include <cstddef>
#include <cstdint>
#include <functional>
#include <set>
#include <span>
#include <utility>
#include <vector>

namespace hpogrid::optimizers {

/// Which trials are good ("below" the threshold score) and which are not ("above"), kept up to date as results come in.
/// Failed trials are worse than every score and never good.
class TrialSplit {
  public:
    enum class Side : std::uint8_t { none, below, above };
    enum class Pending {
        ignored,
        above,    ///< bad until they are known to be good (a constant liar), not counted
        counted,  ///< the same, and counted as observations
    };
    struct Move {
        std::uint32_t trial;
        Side from;
        Side to;
    };
    /// How many of so many observations are good.
    using Rule = std::function<std::size_t(std::size_t observations)>;

    TrialSplit(Pending pending, Rule rule) : pending_{pending}, rule_{std::move(rule)} {}

    /// Something was told about a trial. `replaced`: it has another point than before.
    void note(std::uint32_t trial, bool replaced);
    /// Takes in what was noted and what the history has since suggested. Answers who changed sides; a trial whose point
    /// was replaced leaves its side first. Valid until the next update.
    [[nodiscard]] std::span<const Move> update(const TrialHistory& history);

    /// Ascending.
    [[nodiscard]] std::span<const std::uint32_t> below() const noexcept { return below_; }
    /// By trial, as many as the history had at the last update.
    [[nodiscard]] std::span<const Side> sides() const noexcept { return sides_; }
    /// Number of observations: finished, failed and, if so wanted, pending trials.
    [[nodiscard]] std::size_t observations() const noexcept { return ranked_.size() + unranked_; }

  private:
    enum class Standing : std::uint8_t { hidden, ranked, worst, waiting };
    [[nodiscard]] Standing standing_of(const KnownTrial& trial) const noexcept;
    void take_in(std::uint32_t trial, const KnownTrial& known);
    [[nodiscard]] std::vector<std::uint32_t> best() const;
    void move(std::uint32_t trial, Side to);

    struct Known {
        Standing standing{Standing::hidden};
        double score{0.0};
    };
    Pending pending_;
    Rule rule_;
    std::vector<Known> known_;  ///< by trial
    std::vector<Side> sides_;   ///< by trial
    std::set<std::pair<double, std::uint32_t>> ranked_;
    std::size_t unranked_{0};  ///< observations without a score
    std::vector<std::uint32_t> below_;
    std::vector<std::uint32_t> noted_;
    std::vector<std::uint32_t> replaced_;
    std::vector<Move> moves_;
};

}  // namespace hpogrid::optimizers
