#include "engine/cluster/order_maker.hpp"

#include "engine/core/random.hpp"

namespace hpogrid::cluster {

trials::TrialOrder OrderMaker::operator()(const study::StartTrial& start, const study::Trial& trial) const {
    nlohmann::json configuration = fixed_;
    configuration.update(space_.configuration(trial.point));
    // NumPy and PyTorch take seeds below 2^32.
    const std::uint64_t seed = RandomStream{study_seed_, trial.id.value, RandomPurpose::trial_seed}() >> 32U;
    return {.trial = trial.id,
            .attempt = start.attempt,
            .configuration = configuration.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace),
            .seed = seed,
            .checkpoint = start.checkpoint ? checkpoints_ / folder_name(*start.checkpoint) : std::filesystem::path{},
            .milestone = start.milestone};
}

}  // namespace hpogrid::cluster
