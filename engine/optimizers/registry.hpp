#pragma once

#include "engine/optimizers/optimizer.hpp"
#include "engine/space/space.hpp"

#include <nlohmann/json_fwd.hpp>

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>

namespace hpogrid::optimizers {

/// What an optimiser is made of.
struct OptimizerContext {
    const space::Space& space;         ///< outlives the optimiser
    const nlohmann::json& parameters;  ///< `algorithm_param`, checked by the factory: unknown keys are refused
    std::uint64_t seed{0};
    /// What the study plans, for algorithms that adapt to it: trials in all, and how many of them run at once.
    std::size_t num_trials{100};
    std::size_t concurrency{1};
};

/// One algorithm that users can name.
struct AlgorithmEntry {
    std::string_view name;
    std::string_view summary;  ///< one line for --describe
    std::unique_ptr<Optimizer> (*make)(const OptimizerContext&);
};

/// All algorithms by name, aliases included. Adding one is one file and one line in registry.cpp.
[[nodiscard]] std::span<const AlgorithmEntry> algorithms() noexcept;
/// Throws InputError naming the known ones (and the nearest) for an unknown name.
[[nodiscard]] std::unique_ptr<Optimizer> make_optimizer(std::string_view name, const OptimizerContext& context);

}  // namespace hpogrid::optimizers
