#pragma once

#include <cstddef>
#include <memory>
#include <optional>
#include <span>
#include <stdexcept>
#include <string>
#include <string_view>

#include "kernels/api/plan.hpp"

namespace hpogrid::kernels {

/// What was asked for is not part of this build.
class NotCompiled : public std::runtime_error {
    using std::runtime_error::runtime_error;
};

/// A device: its memory, and how plans run on it. A slot's result is a function of its row, its weights and the data
/// alone: bit for bit the same beside whatever other slots.
class Backend {
  public:
    Backend() = default;
    Backend(const Backend&) = delete;
    Backend& operator=(const Backend&) = delete;
    virtual ~Backend() = default;

    /// Memory of the device, set to zero, aligned to a cache line, freed by `release`.
    [[nodiscard]] virtual std::byte* allocate(std::size_t bytes) = 0;
    virtual void release(std::byte* memory) noexcept = 0;
    virtual void upload(std::byte* device, const std::byte* host, std::size_t bytes) = 0;
    virtual void download(std::byte* host, const std::byte* device, std::size_t bytes) const = 0;
    /// Within the device, or between it and another one of its kind.
    virtual void copy(std::byte* to, const std::byte* from, std::size_t bytes) = 0;
    /// Lets copies between the two devices go directly, where that is possible.
    virtual void connect(const Backend& other) = 0;

    /// How many slots of a bucket are at work at one time: how many lanes its working arrays need.
    [[nodiscard]] virtual int lanes(int slots) const = 0;

    /// Repeats each plan for each of its slots until the slot's row says that it waits. Plans share no slots.
    virtual void run(std::span<const Plan* const> plans) = 0;
    /// Goes once through each plan for each of its slots that has steps left. Plans share no slots.
    virtual void run_once(std::span<const Plan* const> plans) = 0;
    /// Runs one kernel once for a slot; SumReplicas concerns none.
    virtual void run_once(const Kernel& kernel, int slot) = 0;
};

/// \param threads 0 takes all that OpenMP would give
[[nodiscard]] std::unique_ptr<Backend> make_host_backend(int threads = 0);
/// Whether this was built with CUDA.
[[nodiscard]] bool cuda_built() noexcept;
/// CUDA devices of this machine; 0 without a driver, and if this was built without CUDA.
[[nodiscard]] int cuda_device_count() noexcept;
/// "GPU-…", as NVML and CUDA_VISIBLE_DEVICES name it. \throws NotCompiled, std::runtime_error if there is no such
/// device
[[nodiscard]] std::string cuda_device_uuid(int device);
/// The device of this UUID; nothing if this process does not see it. \throws std::runtime_error
[[nodiscard]] std::optional<int> find_cuda_device(std::string_view uuid);
/// \throws NotCompiled if this was built without CUDA, std::runtime_error if there is no such device
[[nodiscard]] std::unique_ptr<Backend> make_cuda_backend(int device = 0);

}  // namespace hpogrid::kernels
