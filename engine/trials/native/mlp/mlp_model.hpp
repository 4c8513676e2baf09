#pragma once

#include "engine/trials/native/event_data.hpp"
#include "engine/trials/native/native_model.hpp"

#include <memory>
#include <vector>

namespace hpogrid::kernels {
class Backend;
}

namespace hpogrid::trials {

/// Fully connected networks in the batch trainer of kernels/: a report an epoch. Each trial trains on all GPUs that a
/// trial gets.
/// \param param `model_config.param`, see read_mlp_formats()
/// Throws InputError for data that cannot be used.
[[nodiscard]] std::unique_ptr<NativeModel> make_mlp_model(EventData events, const nlohmann::json& param,
                                                          const NativeResources& resources);
/// The same on these devices.
[[nodiscard]] std::unique_ptr<NativeModel> make_mlp_model(EventData events, const nlohmann::json& param, int slots,
                                                          std::vector<std::unique_ptr<kernels::Backend>> devices);

}  // namespace hpogrid::trials
