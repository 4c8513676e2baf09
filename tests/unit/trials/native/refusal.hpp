#pragma once

#include "engine/core/error.hpp"

#include <string>

namespace hpogrid::trials::test {

/// What an InputError says, "" without one.
template <class Work>
std::string refusal(Work work) {
    try {
        work();
    } catch (const InputError& error) {
        return error.what();
    }
    return "";
}

}  // namespace hpogrid::trials::test
