#pragma once

#include "launchers/watch/study_view.hpp"

#include <cstddef>
#include <string>
#include <vector>

namespace hpogrid::launchers {

/// When a view is shown and what is known of the engine.
struct ViewMoment {
    double now{0.0};       ///< seconds since the epoch, UTC
    double written{0.0};   ///< when the results were written
    bool vanished{false};  ///< the engine that wrote them has ended without saying so
};

/// The study as lines for a terminal, none of which is wider than `width` columns (0 = as wide as it takes).
[[nodiscard]] std::vector<std::string> view_block(const StudyView& view, const ViewMoment& moment, std::size_t width);

/// The study in one line, for logs.
[[nodiscard]] std::string view_line(const StudyView& view, const ViewMoment& moment);

}  // namespace hpogrid::launchers
