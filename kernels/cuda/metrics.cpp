#include "kernels/cuda/metrics.hpp"

#include <type_traits>
#include <vector>

#include "kernels/cuda/error.hpp"
#include "kernels/host/kernels.hpp"

namespace hpogrid::kernels::cuda {
namespace {

template <class T>
[[nodiscard]] std::vector<std::remove_const_t<T>> to_host(std::span<T> device, cudaStream_t stream) {
    std::vector<std::remove_const_t<T>> host(device.size());
    copy(host.data(), device.data(), device.size_bytes(), stream);
    return host;
}

}  // namespace

void compute_metrics(const ComputeMetrics& args, int slot, cudaStream_t stream) {
    const auto at = static_cast<std::size_t>(slot);
    const auto row = to_host(args.table.subspan(at, 1), stream);
    const auto labels = to_host(args.data.labels, stream);
    const auto weights = to_host(args.data.weights, stream);
    const auto folds = to_host(args.data.folds, stream);
    const auto size = static_cast<std::size_t>(args.logits.rows * args.logits.columns);
    const auto logits = to_host(args.logits.values.subspan(at * args.logits.stride, size), stream);
    std::vector<std::uint32_t> order(static_cast<std::size_t>(args.orders.size));
    SlotMetrics metrics;

    ComputeMetrics on_host = args;
    on_host.table = row;
    on_host.data = {.features = {},
                    .labels = labels,
                    .weights = weights,
                    .folds = folds,
                    .means = {},
                    .scales = {},
                    .weight_scales = {}};
    on_host.logits.values = logits;
    on_host.orders.values = order;
    on_host.metrics = {&metrics, 1};
    host::run(on_host, Place{});
    copy(args.metrics.subspan(at, 1).data(), &metrics, sizeof metrics, stream);
}

}  // namespace hpogrid::kernels::cuda
