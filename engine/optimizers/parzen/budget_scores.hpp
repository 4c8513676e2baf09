#pragma once

#include "engine/optimizers/trial_history.hpp"

#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <vector>

namespace hpogrid::optimizers {

/// The scores of trials by budget, where a budget is the number of iterations that a trial had when it reported. The
/// final score counts at the trial's last report, or at budget 0 if it never reported. Failed trials count at none.
class BudgetScores {
  public:
    struct Scored {
        double score;
        std::uint32_t trial;
        friend constexpr auto operator<=>(const Scored&, const Scored&) = default;
    };

    /// Something other than a new suggestion was told about a trial.
    void note(const TrialHistory& history, std::uint32_t trial);

    /// The largest budget with enough scores. `enough`: whether so many are.
    [[nodiscard]] std::optional<double> largest(const std::function<bool(std::size_t scores)>& enough) const;
    /// All scores at a budget, in the order of trials.
    [[nodiscard]] static std::vector<Scored> at(const TrialHistory& history, double budget);

  private:
    /// What was counted of a trial.
    struct Counted {
        std::size_t reports{0};
        double last{0.0};  ///< iteration
    };
    void count_again(const TrialHistory& history);

    std::map<double, std::size_t> counts_;  ///< by budget
    std::vector<Counted> counted_;          ///< [trial]
};

}  // namespace hpogrid::optimizers
