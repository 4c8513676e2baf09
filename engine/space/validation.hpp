#pragma once

#include "engine/space/parameter.hpp"

namespace hpogrid::space {

/// Throws InputError when the arguments of the sampling method make no distribution: which one, its value, what is
/// allowed. Says nothing about the parameter's name or file: the reader knows them.
void check(const Parameter& parameter);

}  // namespace hpogrid::space
