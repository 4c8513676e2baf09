#pragma once

#include "engine/core/ids.hpp"
#include "engine/space/value.hpp"

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

namespace hpogrid::optimizers {

/// A point to evaluate next.
struct Suggestion {
    space::Point point;
    /// Which part of the algorithm proposed it ("random", "grid", "user", "ei", …); kept in results.
    std::string origin;
};

/// What an optimiser learns of a trial. Scores are to be *minimised*: the study negates metrics of mode "max".
struct Observation {
    enum class Kind {
        pending,       ///< suggested (by this optimiser, the user, or a study that is being resumed), not yet evaluated
        intermediate,  ///< a report on the way: `score` at `iteration`
        finished,      ///< the trial ended with `score`
        failed,        ///< the trial ended without a usable score: learn that the place is bad, keep it out of models
        withdrawn,     ///< the trial was never evaluated and never will be: forget it
    };
    Kind kind;
    TrialId trial;
    /// Set when `pending`; for the others the optimiser remembers it.
    space::Point point{};
    /// Finite. Meaningful when `intermediate` or `finished`.
    double score{0.0};
    double iteration{0.0};
};

/// An ask-and-tell optimiser over one search space. Knows neither files, clocks, threads nor MPI; confined to one
/// thread at a time, so the cluster may run it beside the message loop.
///
/// The state is a function of (space, options, seed, the tells in order, the number of asks): telling a new object the
/// same observations continues a study. An implementation keys its random numbers by the trial's index
/// (RandomStream(seed, index, …)) so that asking ahead or in batches does not change them.
class Optimizer {
  public:
    Optimizer() = default;
    Optimizer(const Optimizer&) = delete;
    Optimizer& operator=(const Optimizer&) = delete;
    virtual ~Optimizer() = default;

    /// Up to `count` new points, different from all that are known where the space allows it. Fewer than `count`
    /// means that the space is exhausted. The caller tells each one back as `pending` before the next ask.
    [[nodiscard]] virtual std::vector<Suggestion> ask(std::size_t count) = 0;

    virtual void tell(const Observation& observation) = 0;

    /// How many suggestions may be computed before the results of earlier ones are known without loss of quality.
    /// Samplers that learn nothing answer a large number, model-based ones 0.
    [[nodiscard]] virtual std::size_t lookahead() const noexcept { return 0; }

    /// Number of trials that the algorithm needs to cover its space once, if it has such a number (grid).
    [[nodiscard]] virtual std::optional<std::size_t> natural_size() const { return std::nullopt; }
};

}  // namespace hpogrid::optimizers
