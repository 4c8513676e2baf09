#pragma once

#include "engine/study/study.hpp"

#include <cstdint>
#include <map>
#include <set>
#include <string>
#include <utility>
#include <vector>

namespace hpogrid::simulation {

/// Watches a study from outside and remembers every violation of what it promises.
class Invariants {
  public:
    explicit Invariants(std::size_t num_trials) : num_trials_{num_trials} {}

    /// After each event that was applied.
    void check(const study::Event& event, const study::Study& study);
    /// A start is about to be sent.
    void check_start(const study::StartTrial& start, const study::Study& study);
    /// The study was rebuilt from what was recorded of the one that died.
    void check_replay(const study::Study& before, const study::Study& after);
    /// The run is over. `whole`: nothing asked the study to end before all its trials.
    void check_end(const study::Study& study, bool whole);
    /// Every checkpoint that is needed or kept must be on the disk, and of ended trials no more than `quota`
    /// allows: but one is always kept.
    void check_checkpoints(const study::Study& study, const std::set<std::string>& disk,
                           const study::CheckpointLimits& quota);
    /// What somebody else saw.
    void violate(std::string what);

    [[nodiscard]] const std::vector<std::string>& violations() const noexcept { return violations_; }

  private:
    void check_trial(const study::Trial& trial);
    void check_workers(const study::Study& study);

    std::size_t num_trials_;
    std::map<std::uint32_t, std::pair<study::TrialState, std::uint32_t>> ended_;
    std::vector<std::string> violations_;
};

}  // namespace hpogrid::simulation
