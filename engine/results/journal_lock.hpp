#pragma once

#include "engine/results/file.hpp"

namespace hpogrid::results {

/// Locks an open journal for this process until it is closed. Throws OutputError if another has it, naming that process
/// where the system knows it. File systems without locks pass.
void lock_journal(const File& file);

}  // namespace hpogrid::results
