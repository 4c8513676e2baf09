#pragma once

#include "engine/core/error.hpp"

#include <string>

namespace hpogrid::space {

/// The text of the InputError that `action` throws, or "accepted".
template <class Action>
std::string refusal(Action action) {
    try {
        action();
    } catch (const InputError& error) {
        return error.what();
    }
    return "accepted";
}

}  // namespace hpogrid::space
