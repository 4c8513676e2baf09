#pragma once

#include "engine/trials/evaluator.hpp"

#include <deque>
#include <optional>
#include <utility>
#include <vector>

namespace hpogrid::trials {

[[nodiscard]] inline bool is_for(const TrialOrder& order, TrialId trial, std::uint32_t attempt) noexcept {
    return order.trial == trial && order.attempt == attempt;
}

/// Orders that no slot has taken yet, first come first served.
class OrderQueue {
  public:
    void push(TrialOrder order) { waiting_.push_back(std::move(order)); }
    [[nodiscard]] bool empty() const noexcept { return waiting_.empty(); }
    [[nodiscard]] std::optional<TrialOrder> pop();
    /// Takes an order back that has not begun, and appends its end; nothing if it does not wait here.
    void stop(TrialId trial, std::uint32_t attempt, StopCause cause, std::vector<TrialNews>& news);

  private:
    std::deque<TrialOrder> waiting_;
};

}  // namespace hpogrid::trials
