#pragma once

#include "engine/space/space.hpp"
#include "engine/study/mode.hpp"

#include <nlohmann/json.hpp>

#include <cstddef>
#include <cstdint>
#include <string>

namespace hpogrid::launchers {

/// How a search that iDDS steers proposes its points.
struct SteeringPlan {
    const space::Space& space;
    std::string method{"auto"};  ///< one of optimizers::algorithms()
    std::string metric;          ///< of a result that holds several
    study::Mode mode{study::Mode::minimize};
    std::size_t num_points{1};  ///< wanted now
    std::size_t max_points{1};  ///< in the whole search
    std::uint64_t seed{0};
};

/// The next points, [{hyperparameter: value}, …], as many as are wanted and the search still has; [] ends it.
///
/// `history`: what iDDS hands over (its HyperParameterOpt work, steering container): {"points": [[{hyperparameter:
/// value}, result], …]} with all points so far, where a result is a number, null before there is one, or an object with
/// the metric in it. The optimiser learns all of it anew, so the same history, plan and seed give the same points.
/// Throws InputError; `file` names the history in messages.
[[nodiscard]] nlohmann::json next_points(const nlohmann::json& history, const std::string& file,
                                         const SteeringPlan& plan);

}  // namespace hpogrid::launchers
