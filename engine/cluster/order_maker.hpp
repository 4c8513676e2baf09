#pragma once

#include "engine/space/space.hpp"
#include "engine/study/trial.hpp"
#include "engine/trials/evaluator.hpp"

#include <nlohmann/json.hpp>

#include <cstdint>

namespace hpogrid::cluster {

/// Turns a trial of the study into what a worker needs to run it.
class OrderMaker {
  public:
    /// `fixed`: `model_config.param`; a hyperparameter of the same name wins.
    OrderMaker(const space::Space& space, nlohmann::json fixed, std::uint64_t study_seed)
        : space_{space}, fixed_(std::move(fixed)), study_seed_{study_seed} {}

    [[nodiscard]] trials::TrialOrder operator()(const study::Trial& trial) const;

  private:
    const space::Space& space_;
    nlohmann::json fixed_;
    std::uint64_t study_seed_;
};

}  // namespace hpogrid::cluster
