#pragma once

#include <filesystem>

namespace hpogrid::launchers {

/// Throws InputError where a file below `package` has a name that prun would not pack as it stands: prun (PrunScript.py
/// of panda-client 2) puts each name between single quotes into a line for a shell, and tar reads backslashes as
/// escapes.
void check_sandbox(const std::filesystem::path& package);

}  // namespace hpogrid::launchers
