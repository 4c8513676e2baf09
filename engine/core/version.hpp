#pragma once

#include <string_view>

namespace hpogrid {

/// Version of the programs and of what they write into results and journals.
inline constexpr std::string_view version{HPOGRID_VERSION};

}  // namespace hpogrid
