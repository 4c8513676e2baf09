#pragma once

#include "engine/trials/native/native_model.hpp"

#include <memory>

namespace hpogrid::kernels {
class Backend;
}

namespace hpogrid::trials {

/// What a model of kernels/ trains on: the worker's GPU where this was built with CUDA and the process sees it, else
/// the worker's cores; one line on the error output tells of a GPU that is left idle.
[[nodiscard]] std::unique_ptr<kernels::Backend> make_native_backend(const NativeResources& resources);

}  // namespace hpogrid::trials
