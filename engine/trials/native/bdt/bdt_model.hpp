#pragma once

#include "engine/trials/native/event_data.hpp"
#include "engine/trials/native/native_model.hpp"

#include <memory>

namespace hpogrid::trials {

/// Gradient-boosted trees, by XGBoost: a report every `rounds_per_report` rounds. Weights are scaled to a mean of 1 in
/// the training part, as for networks. Throws InputError for data that cannot be used (negative weights), or where this
/// was built without XGBoost.
[[nodiscard]] std::unique_ptr<NativeModel> make_bdt_model(EventData events, const nlohmann::json& param,
                                                          const NativeResources& resources);

}  // namespace hpogrid::trials
