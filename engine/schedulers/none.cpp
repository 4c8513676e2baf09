#include "engine/schedulers/none.hpp"

#include "engine/core/parameter_reader.hpp"

namespace hpogrid::schedulers {
namespace {

class None final : public Scheduler {
  public:
    None() : Scheduler{"training_iteration"} {}
    void on_trial_added(TrialId, const space::Point&) override {}
    Decision on_report(const Progress&) override { return Decision::proceed; }
    void on_trial_completed(const Progress&) override {}
    void on_trial_removed(TrialId) override {}
    void on_trial_restarted(TrialId) override {}
};

}  // namespace

std::unique_ptr<Scheduler> make_none(const SchedulerContext& context) {
    ParameterReader{"scheduler_param", "none", context.parameters}.finish();
    return std::make_unique<None>();
}

}  // namespace hpogrid::schedulers
