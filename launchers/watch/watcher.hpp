#pragma once

#include <filesystem>

namespace hpogrid::launchers {

enum class WatchMode {
    live,   ///< a block on the terminal, drawn over itself
    lines,  ///< a line each time that the results have changed
    once,   ///< the block, and no more
};

struct WatchOptions {
    std::filesystem::path results;  ///< results.h5 of the study; its journal lies beside it
    WatchMode mode{WatchMode::live};
    double interval{1.0};  ///< seconds between two looks
};

/// Shows a study until it has ended. It only reads files that are whole at any moment, so the engine never notices.
/// A study that runs on this machine is also seen to end when its engine dies; that of another machine is waited for.
/// Answers false for one that was interrupted. Throws InputError where there is no study.
[[nodiscard]] bool watch(const WatchOptions& options);

}  // namespace hpogrid::launchers
