#include "engine/trials/process_tree.hpp"

#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <charconv>
#include <csignal>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <optional>
#include <sstream>
#include <string_view>

namespace hpogrid::trials {
namespace {

std::optional<pid_t> to_id(std::string_view text) {
    pid_t id = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), id);
    return error == std::errc{} && end == text.data() + text.size() ? std::optional{id} : std::nullopt;
}

/// Where the kernel keeps no list of children: compares the parent of every process.
std::vector<pid_t> children_by_scan() {
    std::vector<pid_t> children;
    std::error_code error;
    for (const auto& entry : std::filesystem::directory_iterator{"/proc", error}) {
        const auto id = to_id(entry.path().filename().string());
        if (!id) {
            continue;
        }
        std::ifstream file{entry.path() / "stat"};
        std::string line;
        std::getline(file, line);
        const auto name_end = line.rfind(')');
        if (name_end == std::string::npos) {
            continue;
        }
        std::istringstream fields{line.substr(name_end + 1)};
        std::string state;
        pid_t parent = 0;
        if (fields >> state >> parent && parent == ::getpid()) {
            children.push_back(*id);
        }
    }
    return children;
}

std::string read_file(const std::string& path) {
    std::ifstream file{path, std::ios::binary};
    return {std::istreambuf_iterator<char>{file}, {}};
}

bool is_member(pid_t process, const ProcessFamily& family) {
    if (family.group > 0 && (::getsid(process) == family.group || ::getpgid(process) == family.group)) {
        return true;
    }
    if (family.token.empty()) {
        return false;
    }
    // Between NULs, so that name and value match whole.
    const std::string environment = '\0' + read_file("/proc/" + std::to_string(process) + "/environ");
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

std::vector<pid_t> children_of_this_process() {
    std::vector<pid_t> children;
    std::error_code error;
    for (const auto& task : std::filesystem::directory_iterator{"/proc/self/task", error}) {
        std::ifstream file{task.path() / "children"};
        if (!file) {
            return children_by_scan();
        }
        std::copy(std::istream_iterator<pid_t>{file}, {}, std::back_inserter(children));
    }
    return children;
}

ProcessTree::ProcessTree() {
    become_subreaper();
    const std::vector<pid_t> present = children_of_this_process();
    foreign_.insert(present.begin(), present.end());
}

bool ProcessTree::end(const ProcessFamily& family) {
    bool gone = family.group <= 0 || group_is_gone(family.group);
    siginfo_t any{};
    if (::waitid(P_ALL, 0, &any, WEXITED | WNOHANG | WNOWAIT) != 0 && errno == ECHILD) {
        return gone;
    }
    for (const pid_t child : children_of_this_process()) {
        if (own_.contains(child) || foreign_.contains(child) || ::waitpid(child, nullptr, WNOHANG) != 0) {
            continue;
        }
        if (own_.empty() || is_member(child, family)) {
            ::kill(child, SIGKILL);
            gone = false;
        }
    }
    return gone;
}

}  // namespace hpogrid::trials
