#pragma once

#include <stdexcept>

namespace hpogrid {

/// What the user wrote cannot be used: configuration, command line, script or search points. Programs exit 2.
/// The text is one sentence: which file, which key, which value (why) what is allowed.
class InputError : public std::runtime_error {
    using std::runtime_error::runtime_error;
};

/// Results or journal cannot be written or read back. Programs exit 4.
class OutputError : public std::runtime_error {
    using std::runtime_error::runtime_error;
};

/// Bytes from a journal, a message or a trial that do not follow their format.
class FormatError : public std::runtime_error {
    using std::runtime_error::runtime_error;
};

/// Exit statuses of every program here. A contract with job scripts.
enum class ExitStatus : int {
    success = 0,     ///< finished, or stopped on its time budget or a signal with its results safe
    bad_input = 2,   ///< InputError
    no_success = 3,  ///< the study ended and no trial succeeded
    no_results = 4,  ///< OutputError
};

}  // namespace hpogrid
