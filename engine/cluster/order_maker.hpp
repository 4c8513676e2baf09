#pragma once

#include "engine/space/space.hpp"
#include "engine/study/action.hpp"
#include "engine/study/trial.hpp"
#include "engine/trials/evaluator.hpp"

#include <nlohmann/json.hpp>

#include <cstdint>
#include <filesystem>
#include <utility>

namespace hpogrid::cluster {

/// Turns a trial of the study into what a worker needs to run it.
class OrderMaker {
  public:
    /// `fixed`: `model_config.param`; a hyperparameter of the same name wins.
    /// `checkpoints`: folder of all checkpoints.
    OrderMaker(const space::Space& space, nlohmann::json fixed, std::uint64_t study_seed,
               std::filesystem::path checkpoints)
        : space_{space}, fixed_(std::move(fixed)), study_seed_{study_seed}, checkpoints_{std::move(checkpoints)} {}

    [[nodiscard]] trials::TrialOrder operator()(const study::StartTrial& start, const study::Trial& trial) const;

  private:
    const space::Space& space_;
    nlohmann::json fixed_;
    std::uint64_t study_seed_;
    std::filesystem::path checkpoints_;
};

}  // namespace hpogrid::cluster
