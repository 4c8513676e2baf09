#pragma once

namespace hpogrid::study {

/// Which values of the objective are good.
enum class Mode { minimize, maximize };

/// The objective as something of which less is better.
[[nodiscard]] constexpr double score(Mode mode, double objective) noexcept {
    return mode == Mode::minimize ? objective : -objective;
}

}  // namespace hpogrid::study
