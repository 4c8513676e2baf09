#include "engine/trials/order_queue.hpp"

#include "engine/core/wall_clock.hpp"

namespace hpogrid::trials {

std::optional<TrialOrder> OrderQueue::pop() {
    if (waiting_.empty()) {
        return std::nullopt;
    }
    TrialOrder order = std::move(waiting_.front());
    waiting_.pop_front();
    return order;
}

void OrderQueue::stop(TrialId trial, std::uint32_t attempt, StopCause cause, std::vector<TrialNews>& news) {
    const auto outcome = cause == StopCause::stopped ? study::Outcome::stopped : study::Outcome::cancelled;
    const auto stopped =
        std::erase_if(waiting_, [trial, attempt](const TrialOrder& order) { return is_for(order, trial, attempt); });
    if (stopped > 0) {
        news.emplace_back(AttemptEnded{trial, attempt, outcome, {}, {}, wall_clock()});
    }
}

}  // namespace hpogrid::trials
