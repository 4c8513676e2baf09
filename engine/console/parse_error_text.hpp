#pragma once

#include <CLI/Error.hpp>

#include <string>

namespace hpogrid::console {

/// What is wrong with a command line, on one harmless line: CLI11's own words, except where those count ("1 required N
/// missing", "At Most 1 required but received 2") or speak of conversions.
[[nodiscard]] std::string parse_error_text(const CLI::ParseError& error);

}  // namespace hpogrid::console
