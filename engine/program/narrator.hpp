#pragma once

#include "engine/cluster/controller.hpp"
#include "engine/console/progress_display.hpp"
#include "engine/core/ids.hpp"
#include "engine/program/command_line.hpp"

#include <cstddef>
#include <set>
#include <string>
#include <vector>

namespace hpogrid::program {

/// Tells people what happens to a study: the table of ranks once all have joined, failures, progress.
class Narrator final : public cluster::StudyObserver {
  public:
    /// `started`: seconds since the epoch. `display` outlives this.
    Narrator(console::ProgressDisplay& display, LogLevel level, std::size_t expected_workers, double started)
        : display_{display}, level_{level}, expected_workers_{expected_workers}, started_{started} {}

    void on_event(const study::Event& event, const study::Study& study) override;
    void on_turn(const study::Study& study) override;
    /// Workers that were lost before one had joined. If all of them were and nobody calls this, it stays untold: then
    /// what ends the run says why, once.
    void tell_of_early_losses();

  private:
    void tell_of_join(const study::WorkerJoined& joined, const study::Study& study);
    void tell_of_loss(const study::WorkerLost& lost);
    void tell_of_start(const study::TrialStarted& started);
    void tell_of_end(const study::TrialEnded& ended, const study::Study& study);
    void tell_of_lost_training(const study::Trial& trial);
    void say(LogLevel level, const std::string& text);

    console::ProgressDisplay& display_;
    LogLevel level_;
    std::size_t expected_workers_;
    double started_;
    std::size_t joined_{0};
    std::vector<std::string> early_losses_;
    std::set<WorkerId> lost_;
    std::size_t failures_{0};
    bool told_of_lost_training_{false};
};

}  // namespace hpogrid::program
