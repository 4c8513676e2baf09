#include "launchers/core/name.hpp"

#include "engine/config/printable.hpp"
#include "engine/core/error.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace hpogrid::launchers {
namespace {

constexpr std::size_t longest_name = 100;

bool begins_name(char character) {
    return (character >= 'a' && character <= 'z') || (character >= 'A' && character <= 'Z') ||
           (character >= '0' && character <= '9') || character == '_';
}

bool is_in_name(char character) {
    return begins_name(character) || character == '-' || character == '.' || character == '+';
}

}  // namespace

void check_name(std::string_view what, std::string_view name) {
    const bool fine = !name.empty() && name.size() <= longest_name && begins_name(name.front()) &&
                      std::ranges::all_of(name, is_in_name);
    if (!fine) {
        throw InputError{
            fmt::format("name '{}' of a {} cannot be used, allowed: 1 to {} letters, digits and _-.+, beginning with a "
                        "letter, digit or _",
                        config::printable(name, 80), what, longest_name)};
    }
    // A folder of this name holds what was replaced.
    if (name == "backup") {
        throw InputError{fmt::format("name 'backup' of a {} is taken, allowed: another name", what)};
    }
}

}  // namespace hpogrid::launchers
