#pragma once

#include "engine/core/ids.hpp"

#include <cstddef>
#include <limits>
#include <vector>

namespace hpogrid::schedulers {

/// One bracket of synchronous HyperBand: a group of trials that all train to a milestone; then the best 1/factor of
/// them go on to the next one, `factor` times as far, and the others end.
///
/// Source: Li et al., "Hyperband", JMLR 18 (2018), in the form of Ray Tune's HyperBandScheduler: bracket s of a band
/// takes n = ⌈(s_max + 1)/(s + 1) · η^s⌉ trials to ⌊max_t · η^−s⌋ first, and is halved s times; after a halving
/// n becomes ⌈n/η⌉ and the milestone min(η · milestone, max_t), rounded down. Of equal scores the trial that was added
/// later stays, as in Ray; a score that is not finite counts as the worst (Ray leaves its place to the sorting).
class HalvingBracket {
  public:
    struct Shape {
        std::size_t size{1};      ///< trials that it takes in all
        double milestone{1};      ///< the first one
        double max_t{81};         ///< milestones never lie beyond it
        double factor{3};         ///< η
        std::size_t halvings{0};  ///< s
    };

    /// A trial of the bracket.
    struct Member {
        TrialId trial;
        double time{0.0};  ///< of its last report
        double score{std::numeric_limits<double>::quiet_NaN()};
        bool paused{false};    ///< it has left its place
        bool released{false};  ///< it may go on to the milestone
    };

    explicit HalvingBracket(const Shape& shape) noexcept : shape_{shape}, survivors_{shape.size} {}

    /// Takes no more trials, however many of them have ended.
    [[nodiscard]] bool full() const noexcept { return added_ == shape_.size; }
    [[nodiscard]] bool last_round() const noexcept { return shape_.halvings == 0; }
    [[nodiscard]] double milestone() const noexcept { return shape_.milestone; }
    /// Whether there are members, and all of them have reached the milestone.
    [[nodiscard]] bool all_arrived() const noexcept;
    [[nodiscard]] std::vector<Member>& members() noexcept { return members_; }

    void add(TrialId trial);
    [[nodiscard]] Member* find(TrialId trial) noexcept;
    void remove(TrialId trial);
    /// Takes the losers out, sets the next milestone, and answers the losers. \pre !last_round()
    std::vector<Member> halve();

  private:
    Shape shape_;
    std::size_t survivors_;
    std::size_t added_{0};
    std::vector<Member> members_;  ///< in the order in which they were added
};

}  // namespace hpogrid::schedulers
