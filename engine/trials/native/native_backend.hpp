#pragma once

#include "engine/trials/native/native_model.hpp"

#include <memory>
#include <string_view>
#include <vector>

namespace hpogrid::kernels {
class Backend;
}

namespace hpogrid::trials {

/// What a model of kernels/ trains on: the GPUs of a trial where this was built with CUDA and the process sees them,
/// else the worker's cores. Tells of GPUs that are left idle.
[[nodiscard]] std::vector<std::unique_ptr<kernels::Backend>> make_native_backends(const NativeResources& resources);

/// One line on the error output about GPUs that a trial gets and does not train on; none where there are none.
/// \param place what it trains on
void tell_of_idle_gpus(const std::vector<std::string>& gpus, std::string_view place, std::string_view reason);

}  // namespace hpogrid::trials
