#pragma once

#include "engine/results/file.hpp"

#include <filesystem>
#include <optional>

namespace hpogrid::results {

/// Process of this machine that has the open journal locked, without touching the lock. Nothing where none has, or the
/// system does not tell.
[[nodiscard]] std::optional<long> journal_holder(const File& file);

/// Locks an open journal for this process until it is closed. Throws OutputError if another has it, naming that process
/// where the system knows it. File systems without locks pass.
void lock_journal(const File& file);

/// Nobody else writes to the journal, if there is one, while this lives: it may be moved or deleted. Throws OutputError
/// as lock_journal().
class JournalLock {
  public:
    explicit JournalLock(const std::filesystem::path& journal);

  private:
    std::optional<File> file_;
};

}  // namespace hpogrid::results
