#pragma once

#include <filesystem>
#include <string>

namespace hpogrid {

/// Absolute path of an executable: of the first one of this name in $PATH, or of the file itself where the name has a
/// '/'. Empty if there is none.
[[nodiscard]] std::filesystem::path find_program(const std::string& name);

}  // namespace hpogrid
