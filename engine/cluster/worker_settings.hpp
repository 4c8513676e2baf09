#pragma once

#include "engine/trials/evaluator.hpp"
#include "engine/trials/evaluator_spec.hpp"

#include <cstdint>
#include <filesystem>
#include <string>

namespace hpogrid::cluster {

/// What rank 0 tells every worker at the start. Only rank 0 reads the user's files.
struct WorkerSettings {
    trials::EvaluatorSpec evaluator;
    /// Without GPUs, slots and threads: each worker finds out its own.
    trials::Surroundings surroundings{};
    double cpus_per_trial{0};  ///< 0 = its share of the machine's cores
    unsigned slots_per_gpu{1};
    unsigned gpus_per_trial{1};
    /// See SharingProbe; empty = the folder of checkpoints counts as shared.
    std::filesystem::path checkpoint_probe{};
    bool debug{false};  ///< whether a worker tells what only developers want to know
};

[[nodiscard]] std::string to_text(const WorkerSettings& settings);
/// Throws FormatError.
[[nodiscard]] WorkerSettings worker_settings_from_text(const std::string& text);

}  // namespace hpogrid::cluster
