#include "engine/trials/oom_counter.hpp"

#include <algorithm>
#include <array>
#include <fstream>
#include <sstream>

namespace hpogrid::trials {
namespace {

/// The file of this process's control group that counts, by /proc/self/cgroup: lines `<n>:<controllers>:<path>`.
std::filesystem::path counting_file() {
    const std::filesystem::path root{"/sys/fs/cgroup"};
    std::ifstream groups{"/proc/self/cgroup"};
    std::error_code error;
    for (std::string line; std::getline(groups, line);) {
        const auto first = line.find(':');
        const auto second = line.find(':', first + 1);
        if (first == std::string::npos || second == std::string::npos) {
            continue;
        }
        const std::string controllers = line.substr(first + 1, second - first - 1);
        const std::string path = line.substr(std::min(second + 2, line.size()));
        // Inside of a container the group's own path is often mounted as the root.
        for (const std::filesystem::path& below : {root / path, root}) {
            if (controllers.empty() && std::filesystem::exists(below / "memory.events", error)) {
                return below / "memory.events";
            }
        }
        if (controllers == "memory") {
            for (const std::filesystem::path& below : {root / "memory" / path, root / "memory"}) {
                if (std::filesystem::exists(below / "memory.oom_control", error)) {
                    return below / "memory.oom_control";
                }
            }
        }
    }
    return "/proc/vmstat";
}

}  // namespace

OomCounter::OomCounter() : file_{counting_file()} {}

std::optional<std::uint64_t> OomCounter::read() const {
    std::ifstream file{file_};
    for (std::string line; std::getline(file, line);) {
        std::istringstream words{line};
        std::string name;
        std::uint64_t count = 0;
        if (words >> name >> count && name == "oom_kill") {
            return count;
        }
    }
    return std::nullopt;
}

bool speaks_of_memory(std::string_view text) noexcept {
    constexpr std::array<std::string_view, 9> phrases{"CUDA out of memory",
                                                      "HIP out of memory",
                                                      "OutOfMemoryError",
                                                      "std::bad_alloc",
                                                      "MemoryError",
                                                      "cudaErrorMemoryAllocation",
                                                      "CUDA_ERROR_OUT_OF_MEMORY",
                                                      "RESOURCE_EXHAUSTED: Out of memory",
                                                      "Cannot allocate memory"};
    return std::any_of(phrases.begin(), phrases.end(),
                       [text](std::string_view phrase) { return text.find(phrase) != std::string_view::npos; });
}

}  // namespace hpogrid::trials
