#pragma once

#include "engine/core/error.hpp"

#include <gtest/gtest.h>

#include <string>

namespace hpogrid::config {

/// The sentence with which `act` refuses its input; a failure and "" if it accepts it.
template <class Act>
std::string refusal(Act act) {
    try {
        static_cast<void>(act());
    } catch (const InputError& error) {
        return error.what();
    }
    ADD_FAILURE() << "accepted what should be refused";
    return {};
}

}  // namespace hpogrid::config
