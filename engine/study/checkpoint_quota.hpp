#pragma once

#include "engine/core/ids.hpp"

#include <cstddef>
#include <cstdint>
#include <set>
#include <tuple>
#include <vector>

namespace hpogrid::study {

/// How many checkpoints of ended trials are kept, those of the best trials.
struct CheckpointLimits {
    std::size_t count{1};
    std::uint64_t bytes{UINT64_MAX};  ///< the best one is kept whatever it takes
};

/// Ranks the ended trials that have a checkpoint, and says which must give theirs up. The best of them never must,
/// unless none is to be kept.
class CheckpointQuota {
  public:
    explicit CheckpointQuota(CheckpointLimits limits) noexcept : limits_{limits} {}

    /// A trial ended with this score (to be minimised) and a checkpoint of so many bytes. Answers the trials that give
    /// theirs up; it may be among them.
    [[nodiscard]] std::vector<TrialId> admit(TrialId trial, double score, std::uint64_t bytes);
    [[nodiscard]] std::size_t size() const noexcept { return kept_.size(); }

  private:
    CheckpointLimits limits_;
    std::set<std::tuple<double, std::uint64_t, TrialId>> kept_;  ///< score, order of arrival
    std::vector<std::uint64_t> bytes_of_;                        ///< by order of arrival
    std::uint64_t bytes_{0};
};

}  // namespace hpogrid::study
