#include "engine/study/checkpoint_quota.hpp"

#include <iterator>

namespace hpogrid::study {

std::vector<TrialId> CheckpointQuota::admit(TrialId trial, double score, std::uint64_t bytes) {
    kept_.emplace(score, bytes_of_.size(), trial);
    bytes_of_.push_back(bytes);
    bytes_ += bytes;
    std::vector<TrialId> given_up;
    while (kept_.size() > limits_.count || (kept_.size() > 1 && bytes_ > limits_.bytes)) {
        const auto worst = std::prev(kept_.end());
        bytes_ -= bytes_of_[std::get<1>(*worst)];
        given_up.push_back(std::get<2>(*worst));
        kept_.erase(worst);
    }
    return given_up;
}

}  // namespace hpogrid::study
