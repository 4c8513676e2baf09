#pragma once

#include <cstddef>
#include <memory>
#include <span>
#include <stdexcept>

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
    virtual void copy(std::byte* to, const std::byte* from, std::size_t bytes) = 0;

    /// How many slots of a bucket are at work at one time: how many lanes its working arrays need.
    [[nodiscard]] virtual int lanes(int slots) const = 0;

    /// Repeats each plan for each of its slots until the slot's row says that it waits. Plans share no slots.
    virtual void run(std::span<const Plan* const> plans) = 0;
    /// Runs one kernel once for a slot.
    virtual void run_once(const Kernel& kernel, int slot) = 0;
};

/// \param threads 0 takes all that OpenMP would give
[[nodiscard]] std::unique_ptr<Backend> make_host_backend(int threads = 0);
/// \throws NotCompiled if this was built without CUDA
[[nodiscard]] std::unique_ptr<Backend> make_cuda_backend(int device = 0);

}  // namespace hpogrid::kernels
