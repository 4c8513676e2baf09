#pragma once

#include "engine/cluster/worker_settings.hpp"
#include "engine/config/project.hpp"
#include "engine/optimizers/optimizer.hpp"
#include "engine/program/command_line.hpp"
#include "engine/results/study_files.hpp"
#include "engine/schedulers/scheduler.hpp"
#include "engine/space/space.hpp"
#include "engine/study/study.hpp"

#include <memory>
#include <string>
#include <vector>

namespace hpogrid::program {

/// A project made ready to run: everything that can be wrong in the user's input has been checked.
struct StudySetup {
    config::Project project;
    results::StudyFiles files;
    results::ExistingFiles existing{results::ExistingFiles::refuse};
    std::uint64_t seed{0};
    double started{0};    ///< seconds since the epoch
    unsigned workers{1};  ///< evaluating ranks
    space::Space space;
    std::vector<space::Point> search_points;
    cluster::WorkerSettings worker_settings;

    [[nodiscard]] std::unique_ptr<optimizers::Optimizer> make_optimizer() const;
    [[nodiscard]] std::unique_ptr<schedulers::Scheduler> make_scheduler() const;
    /// `lookahead`: of the optimiser.
    [[nodiscard]] study::Study make_study(std::size_t lookahead) const;
    /// Text of the journal's first record: what a resumed study must agree with, its seed, and when it began.
    [[nodiscard]] std::string journal_header() const;
    /// Takes over seed and beginning of the study in the journal. Throws InputError if the study in it is a different
    /// one.
    void adopt_journal_header(const std::string& header);
};

/// Reads and checks the project and everything on the command line. `workers`: evaluating ranks.
/// Throws InputError.
[[nodiscard]] StudySetup set_up_study(const CommandLine& command_line, unsigned workers);

}  // namespace hpogrid::program
