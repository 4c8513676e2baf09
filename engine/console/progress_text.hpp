#pragma once

#include "engine/console/text.hpp"
#include "engine/space/space.hpp"
#include "engine/study/study.hpp"

#include <cstddef>
#include <string>
#include <vector>

namespace hpogrid::console {

/// When something is shown: times in seconds since the epoch, UTC.
struct Moment {
    double started{0.0};  ///< of this run
    double now{0.0};
};

/// The progress of a study in one line, for logs:
/// "12/48 trials (3 running, 5 stopped, 1 failed), best loss 0.123 in trial 7, 0:01:10, about 0:03:30 left".
[[nodiscard]] std::string progress_line(const study::Study& study, Moment moment);

/// The same as a block of lines for a terminal `width` columns wide, none of which is longer.
[[nodiscard]] std::vector<std::string> progress_block(const study::Study& study, const space::Space& space,
                                                      Moment moment, std::size_t width);

/// Table of ranks at the start: rank, host, slots, GPU.
[[nodiscard]] std::string placement_table(const study::Study& study);

/// What a finished run says at its end: counts, the best trials with their configurations, how busy the workers were.
[[nodiscard]] std::string final_summary(const study::Study& study, const space::Space& space, Moment moment,
                                        const std::string& results_path);

}  // namespace hpogrid::console
