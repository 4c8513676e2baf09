#include "engine/schedulers/none.hpp"

#include "engine/schedulers/parameters.hpp"

namespace hpogrid::schedulers {
namespace {

class None final : public Scheduler {
  public:
    void on_trial_added(TrialId) override {}
    Decision on_report(const Progress&) override { return Decision::proceed; }
    void on_trial_completed(const Progress&) override {}
    void on_trial_removed(TrialId) override {}
};

}  // namespace

std::unique_ptr<Scheduler> make_none(const SchedulerContext& context) {
    Parameters{"none", context.parameters}.finish();
    return std::make_unique<None>();
}

}  // namespace hpogrid::schedulers
