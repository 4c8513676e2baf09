#pragma once

#include "engine/trials/process/output_pipe.hpp"
#include "engine/trials/trial_channel.hpp"

#include <sys/types.h>

#include <cstdint>
#include <string>

namespace hpogrid::trials {

/// A Python process that was asked for before its trial is known, and waits for the order on its channel.
struct PreparedProcess {
    std::uint32_t number{0};   ///< of the request
    TrialChannel channel;      ///< our end
    OutputPipe output;         ///< what it prints
    std::string token;         ///< marker of every process that comes of it
    pid_t process{0};          ///< 0 until the host has answered
    std::string early_output;  ///< printed before the order: the script's import in a fresh interpreter
    bool used{false};          ///< it has an object from an earlier trial, and may refuse the next one
};

}  // namespace hpogrid::trials
