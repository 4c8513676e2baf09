#include "engine/study/trial.hpp"

namespace hpogrid::study {

std::string_view to_string(TrialState state) noexcept {
    switch (state) {
        case TrialState::queued:
            return "queued";
        case TrialState::assigned:
            return "assigned";
        case TrialState::running:
            return "running";
        case TrialState::paused:
            return "paused";
        case TrialState::completed:
            return "completed";
        case TrialState::stopped:
            return "stopped";
        case TrialState::failed:
            return "failed";
        case TrialState::timeout:
            return "timeout";
        case TrialState::oom:
            return "oom";
        case TrialState::lost:
            return "lost";
        case TrialState::cancelled:
            return "cancelled";
    }
    return "unknown";
}

}  // namespace hpogrid::study
