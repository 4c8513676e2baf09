#pragma once

#include <filesystem>
#include <fstream>
#include <iterator>
#include <map>
#include <string>

namespace hpogrid::cluster {

/// {path from the folder: its bytes, "/" of a folder}; links are followed.
inline std::map<std::string, std::string> contents(const std::filesystem::path& folder) {
    std::map<std::string, std::string> found;
    for (const auto& entry : std::filesystem::recursive_directory_iterator{folder}) {
        std::ifstream stream{entry.path(), std::ios::binary};
        found[entry.path().lexically_relative(folder).generic_string()] =
            entry.is_directory() ? "/" : std::string{std::istreambuf_iterator<char>{stream}, {}};
    }
    return found;
}

}  // namespace hpogrid::cluster
