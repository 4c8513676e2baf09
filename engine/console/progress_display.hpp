#pragma once

#include "engine/console/live_block.hpp"
#include "engine/console/progress_text.hpp"

namespace hpogrid::console {

/// How progress is shown.
enum class ProgressMode {
    live,   ///< a block on a terminal, drawn over itself
    lines,  ///< a line now and then: a batch system kills jobs that are silent
    none,
};

/// Shows a study's progress on standard output.
class ProgressDisplay {
  public:
    /// `space` outlives this.
    ProgressDisplay(ProgressMode mode, const space::Space& space) : mode_{mode}, space_{space} {}
    ProgressDisplay(const ProgressDisplay&) = delete;
    ProgressDisplay& operator=(const ProgressDisplay&) = delete;

    /// Shows the state if it is time to: a block twice a second, a line every 30 s.
    void update(const study::Study& study, Moment moment);
    /// Takes the block away, so that what follows stands alone.
    void clear();

    /// Whether standard output, also through mpirun, ends at a terminal.
    [[nodiscard]] static bool on_terminal();

  private:
    void draw(const study::Study& study, Moment moment);

    ProgressMode mode_;
    const space::Space& space_;
    double next_{0.0};
    LiveBlock block_;
};

}  // namespace hpogrid::console
