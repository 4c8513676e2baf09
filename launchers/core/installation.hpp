#pragma once

#include <filesystem>
#include <initializer_list>

namespace hpogrid::launchers {

/// The first of these files, relative to the folder of this program, that is there: something that was built or
/// installed with it. "" if none is.
[[nodiscard]] std::filesystem::path beside_program(std::initializer_list<const char*> places);

}  // namespace hpogrid::launchers
