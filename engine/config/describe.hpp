#pragma once

#include <string>

namespace hpogrid::config {

/// Reference of every configuration key in Markdown, made from the tables that the parser reads. Kept as REFERENCE.md.
[[nodiscard]] std::string describe_configuration();

}  // namespace hpogrid::config
