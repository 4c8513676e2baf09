#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <cstring>
#include <new>
#include <vector>

#include "kernels/api/backend.hpp"
#include "kernels/host/kernels.hpp"

#ifdef _OPENMP
#include <omp.h>
#endif

namespace hpogrid::kernels {
namespace {

constexpr std::size_t cache_line = 64;

int threads_of_openmp() {
#ifdef _OPENMP
    return omp_get_max_threads();
#else
    return 1;
#endif
}

int this_thread() {
#ifdef _OPENMP
    return omp_get_thread_num();
#else
    return 0;
#endif
}

/// One thread takes a slot through all its micro-batches, with working memory of its own, then the next slot.
class HostBackend : public Backend {
  public:
    explicit HostBackend(int threads) : threads_{threads > 0 ? threads : threads_of_openmp()} {}

    std::byte* allocate(std::size_t bytes) override {
        // Fresh pages of the system are zero and cost nothing until they are used: most slots of most buckets never
        // are.
        auto* const block = static_cast<std::byte*>(std::calloc(bytes + cache_line, 1));
        if (block == nullptr) {
            throw std::bad_alloc{};
        }
        const std::size_t offset = cache_line - reinterpret_cast<std::uintptr_t>(block) % cache_line;
        block[offset - 1] = static_cast<std::byte>(offset);
        return block + offset;
    }
    void release(std::byte* memory) noexcept override { std::free(memory - std::to_integer<int>(memory[-1])); }
    void upload(std::byte* device, const std::byte* host, std::size_t bytes) override {
        std::memcpy(device, host, bytes);
    }
    void download(std::byte* host, const std::byte* device, std::size_t bytes) const override {
        std::memcpy(host, device, bytes);
    }
    void copy(std::byte* to, const std::byte* from, std::size_t bytes) override { std::memmove(to, from, bytes); }
    void connect(const Backend&) override {}

    int lanes(int) const override { return threads_; }

    void run(std::span<const Plan* const> plans) override {
        const auto items = slots_that(plans, [](const Plan& plan, const SlotProgress& progress) {
            return rows_at_work(progress, plan.phase) > 0;
        });
#pragma omp parallel for schedule(dynamic, 1) num_threads(threads_)
        for (std::size_t i = 0; i < items.size(); ++i) {
            run_until_it_waits(*items[i].plan, {items[i].slot, this_thread()});
        }
    }

    void run_once(std::span<const Plan* const> plans) override {
        const auto items =
            slots_that(plans, [](const Plan&, const SlotProgress& progress) { return progress.steps_left > 0; });
#pragma omp parallel for schedule(dynamic, 1) num_threads(threads_)
        for (std::size_t i = 0; i < items.size(); ++i) {
            run_in({items[i].slot, this_thread()}, *items[i].plan);
        }
    }

    void run_once(const Kernel& kernel, int slot) override {
        run_in({slot, 0}, kernel);
    }

  private:
    struct Item {
        const Plan* plan;
        int slot;
    };
    template <class Condition>
    [[nodiscard]] static std::vector<Item> slots_that(std::span<const Plan* const> plans, Condition holds) {
        std::vector<Item> items;
        for (const Plan* plan : plans) {
            for (std::size_t slot = 0; slot < plan->table.size(); ++slot) {
                if (holds(*plan, plan->table[slot].progress)) {
                    items.push_back({plan, static_cast<int>(slot)});
                }
            }
        }
        return items;
    }

    static void run_until_it_waits(const Plan& plan, Place place) {
        const SlotProgress& progress = plan.table[static_cast<std::size_t>(place.slot)].progress;
        while (rows_at_work(progress, plan.phase) > 0) {
            run_in(place, plan);
        }
    }

    static void run_in(Place place, const Plan& plan) {
        for (const Kernel& kernel : plan.kernels) {
            run_in(place, kernel);
        }
    }

    static void run_in(Place place, const Kernel& kernel) {
        std::visit([place](const auto& args) { host::run(args, place); }, kernel);
    }

    int threads_;
};

}  // namespace

std::unique_ptr<Backend> make_host_backend(int threads) {
    return std::make_unique<HostBackend>(threads);
}

}  // namespace hpogrid::kernels
