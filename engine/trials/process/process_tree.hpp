#pragma once

#include <sys/types.h>

#include <set>
#include <string>

namespace hpogrid::trials {

/// Environment variable that marks every process of an attempt.
inline constexpr const char* marker_variable = "HPOGRID_TRIAL";

/// What an attempt's processes have in common.
struct ProcessFamily {
    pid_t group{0};     ///< process group and session of the attempt's first process, 0 = none
    std::string token;  ///< value of HPOGRID_TRIAL, empty = none
};

/// Everything that the children of this process start, however deep.
///
/// This process is made their subreaper: when a process of a trial dies, its own children become children of this
/// process, whatever sessions and groups they moved to. So strays are found among the direct children, without a scan
/// of all processes: those that are not known here, and carry the family's marker in their environment or are in its
/// session. A stray that has neither is ended as soon as no known child is left. Children that existed when this object
/// was made (daemons of MPI) are never touched.
class ProcessTree {
  public:
    ProcessTree();

    /// A direct child that is not a stray: waited for by its owner.
    void add(pid_t child) { own_.insert(child); }
    /// To be called when the child was reaped.
    void remove(pid_t child) { own_.erase(child); }

    /// Sends SIGKILL to what is left of a family and reaps what has died. True when nothing is left. To be called when
    /// the family's first process has been reaped, again and again until it returns true: each call ends one
    /// generation.
    [[nodiscard]] bool end(const ProcessFamily& family);

  private:
    std::set<pid_t> own_;
    std::set<pid_t> foreign_;
};

/// Makes this process the parent of orphans among its descendants.
void become_subreaper() noexcept;

}  // namespace hpogrid::trials
