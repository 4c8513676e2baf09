#pragma once

#include <sys/types.h>

#include <filesystem>
#include <string>
#include <vector>

namespace hpogrid {

/// A process as the kernel's process table in /proc shows it.
///
/// The ids in /proc are those of the pid namespace that mounted it. A sandbox that gives a job process ids of its own,
/// but leaves it the surrounding /proc, makes them differ from what getpid() and kill() speak of; so ids are translated
/// here (by the line NSpid of /proc/<id>/status, proc(5)), and nothing else builds a path of /proc from an id.
struct ProcessEntry {
    pid_t id{0};                   ///< as kill() and waitpid() of this process take it
    std::filesystem::path folder;  ///< below /proc

    /// As it was when the program was started: NAME=value, each ended by a NUL. Empty if it may not be read.
    [[nodiscard]] std::string environment() const;
    /// Whether it is on its way out: its environment is gone already, its children may not be anybody else's yet.
    [[nodiscard]] bool is_exiting() const;
};

/// Direct children of this process, of all its threads, zombies included.
[[nodiscard]] std::vector<ProcessEntry> children_of_this_process();
/// Every process that has an id in this process's namespace.
[[nodiscard]] std::vector<ProcessEntry> all_processes();
/// Folder below /proc of the process that started this one.
[[nodiscard]] std::filesystem::path folder_of_parent();

}  // namespace hpogrid
