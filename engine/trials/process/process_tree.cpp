#include "engine/trials/process/process_tree.hpp"

#include "engine/core/process_table.hpp"

#include <sys/prctl.h>
#include <sys/wait.h>

#include <cerrno>
#include <csignal>
#include <string>

namespace hpogrid::trials {
namespace {

bool is_member(const ProcessEntry& process, const ProcessFamily& family) {
    if (family.group > 0 && (::getsid(process.id) == family.group || ::getpgid(process.id) == family.group)) {
        return true;
    }
    if (family.token.empty()) {
        return false;
    }
    // Between NULs, so that name and value match whole.
    const std::string environment = '\0' + process.environment();
    return environment.find('\0' + std::string{marker_variable} + "=" + family.token + '\0') != std::string::npos;
}

/// Reaps what has died of a group whose members are all children of this process.
bool group_is_gone(pid_t group) {
    while (::waitpid(-group, nullptr, WNOHANG) > 0) {
    }
    return ::kill(-group, SIGKILL) != 0 && errno == ESRCH;
}

}  // namespace

void become_subreaper() noexcept {
    ::prctl(PR_SET_CHILD_SUBREAPER, 1);
}

ProcessTree::ProcessTree() {
    become_subreaper();
    for (const ProcessEntry& present : children_of_this_process()) {
        foreign_.insert(present.id);
    }
}

bool ProcessTree::end(const ProcessFamily& family) {
    bool gone = family.group <= 0 || group_is_gone(family.group);
    siginfo_t any{};
    if (::waitid(P_ALL, 0, &any, WEXITED | WNOHANG | WNOWAIT) != 0 && errno == ECHILD) {
        return gone;
    }
    for (const ProcessEntry& child : children_of_this_process()) {
        if (own_.contains(child.id) || foreign_.contains(child.id)) {
            continue;
        }
        if (::waitpid(child.id, nullptr, WNOHANG) == child.id) {
            // Its own children may have become ours after the list was read.
            gone = false;
            continue;
        }
        if (own_.empty() || is_member(child, family)) {
            ::kill(child.id, SIGKILL);
            gone = false;
        } else if (child.is_exiting()) {
            gone = false;
        }
    }
    return gone;
}

}  // namespace hpogrid::trials
