#pragma once

#include "engine/program/study_setup.hpp"

#include <cstddef>

namespace hpogrid::program {

/// Checks what a run would need beyond the configuration (the script can be imported and has the model, the results can
/// be written) and prints five sampled points. Throws InputError or OutputError.
void dry_run(const StudySetup& setup, std::size_t workers);

}  // namespace hpogrid::program
