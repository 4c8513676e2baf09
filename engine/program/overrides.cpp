#include "engine/program/overrides.hpp"

namespace hpogrid::program {

void apply_overrides(const CommandLine& command_line, config::Project& project) {
    config::HpoConfig& hpo = project.hpo;
    if (command_line.trials) {
        hpo.num_trials = *command_line.trials;
        hpo.one_trial_per_gpu = false;
    }
    if (command_line.seed) {
        hpo.seed = command_line.seed;
    }
    hpo.trial_timeout = command_line.trial_timeout.value_or(hpo.trial_timeout);
    hpo.retries = command_line.retries.value_or(hpo.retries);
}

}  // namespace hpogrid::program
