#pragma once

#include <string>
#include <string_view>

namespace hpogrid {

/// Value of a variable of the environment; `otherwise` where it is not set, or empty: what a shell makes of one that it
/// does not know.
[[nodiscard]] std::string environment_variable(const char* name, std::string_view otherwise = {});

}  // namespace hpogrid
