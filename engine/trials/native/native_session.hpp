#pragma once

#include "engine/trials/evaluator.hpp"
#include "engine/trials/evaluator_spec.hpp"
#include "engine/trials/native/native_model.hpp"
#include "engine/trials/native/native_trial.hpp"
#include "engine/trials/order_queue.hpp"

#include <memory>
#include <utility>
#include <vector>

namespace hpogrid::trials {

/// Trials of a native model, many at once, from one report to the next. Single-threaded to its caller.
class NativeSession {
  public:
    /// Reads the data, and sees whether trials could train with it. A trial that ends leaves its model, that of the
    /// best report, in its folder. Throws InputError.
    NativeSession(const Native& spec, const Surroundings& surroundings);

    /// Takes an order; it starts with the next round for which a slot is free.
    /// Its checkpoint comes from memory where it is kept there.
    void start(TrialOrder order);
    void stop(TrialId trial, std::uint32_t attempt, StopCause cause, std::vector<TrialNews>& news);
    /// See Evaluator.
    void proceed(TrialId trial, std::uint32_t attempt, double milestone);
    void leave(TrialId trial, std::uint32_t attempt, std::vector<TrialNews>& news);
    /// Whether there is something to train. Trials that wait at a milestone are not.
    [[nodiscard]] bool busy() const;
    /// Fills free slots, trains every running trial up to its next report, and appends what happened.
    void train(std::vector<TrialNews>& news);

  private:
    using Slot = std::unique_ptr<NativeTrial>;

    void fill_slots(std::vector<TrialNews>& news);
    [[nodiscard]] Slot begin(SlotId slot, TrialOrder order, std::vector<TrialNews>& news);
    /// The slot of an attempt, or null.
    [[nodiscard]] Slot* find(TrialId trial, std::uint32_t attempt);
    static void empty_if_over(Slot& slot, std::vector<TrialNews>& news);

    Surroundings surroundings_;
    std::unique_ptr<NativeModel> model_;
    std::vector<Slot> slots_;
    OrderQueue waiting_;
};

}  // namespace hpogrid::trials
