#pragma once

#include "engine/trials/native/event_data.hpp"
#include "engine/trials/native/native_model.hpp"

#include <memory>

namespace hpogrid::trials {

/// Fully connected networks in the batch trainer of kernels/: a report an epoch. Throws InputError for data that cannot
/// be used.
[[nodiscard]] std::unique_ptr<NativeModel> make_mlp_model(EventData events, const NativeResources& resources);

}  // namespace hpogrid::trials
