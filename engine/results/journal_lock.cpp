#include "engine/results/journal_lock.hpp"

#include "engine/core/error.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>

#include <cerrno>
#include <fstream>
#include <optional>
#include <sstream>
#include <string>

namespace hpogrid::results {

/// From lines of /proc/locks like "3: FLOCK  ADVISORY  WRITE 1234 fe:00:5767 0 EOF" (proc(5)). Only this machine's
/// processes are listed.
std::optional<long> journal_holder(const File& file) {
    struct stat status {};
    if (::fstat(file.descriptor(), &status) != 0) {
        return std::nullopt;
    }
    const std::string wanted =
        fmt::format("{:02x}:{:02x}:{}", major(status.st_dev), minor(status.st_dev), status.st_ino);
    std::ifstream locks{"/proc/locks"};
    std::string line;
    while (std::getline(locks, line)) {
        std::istringstream words{line};
        std::string number, kind, advisory, access, where;
        long process = 0;
        if (words >> number >> kind >> advisory >> access >> process >> where && kind == "FLOCK" && where == wanted &&
            process > 0) {
            return process;
        }
    }
    return std::nullopt;
}

void lock_journal(const File& file) {
    while (::flock(file.descriptor(), LOCK_EX | LOCK_NB) != 0) {
        if (errno == EINTR) {
            continue;
        }
        if (errno != EWOULDBLOCK) {
            return;
        }
        const auto holder = journal_holder(file);
        throw OutputError{fmt::format("{}: another process{} is writing this journal", file.path().string(),
                                      holder ? fmt::format(" ({})", *holder) : std::string{})};
    }
}

JournalLock::JournalLock(const std::filesystem::path& journal) {
    if (std::filesystem::exists(std::filesystem::symlink_status(journal))) {
        file_.emplace(journal, O_RDWR);
        lock_journal(*file_);
    }
}

}  // namespace hpogrid::results
