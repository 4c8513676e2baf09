#include "engine/study/event.hpp"

namespace hpogrid::study {

std::string_view to_string(Outcome outcome) noexcept {
    switch (outcome) {
        case Outcome::completed:
            return "completed";
        case Outcome::stopped:
            return "stopped";
        case Outcome::failed:
            return "failed";
        case Outcome::timeout:
            return "timeout";
        case Outcome::oom:
            return "oom";
        case Outcome::cancelled:
            return "cancelled";
    }
    return "unknown";
}

}  // namespace hpogrid::study
