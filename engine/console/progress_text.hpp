#pragma once

#include "engine/space/space.hpp"
#include "engine/study/study.hpp"

#include <cstddef>
#include <span>
#include <string>
#include <string_view>
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

/// "0:01:10"; "unknown" for what is not finite.
[[nodiscard]] std::string duration(double seconds);

/// The first `width` columns of UTF-8 text, one column a code point; cut text ends in "…".
[[nodiscard]] std::string fit(const std::string& text, std::size_t width);

/// Columns of UTF-8 text, one a code point.
[[nodiscard]] std::size_t columns(std::string_view text);

/// Rows that lines take on a terminal of `width` > 0 columns, which wraps the longer ones.
[[nodiscard]] std::size_t rows(std::span<const std::string> lines, std::size_t width);

}  // namespace hpogrid::console
