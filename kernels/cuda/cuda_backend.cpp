#include <cuda_runtime_api.h>

#include <algorithm>
#include <functional>
#include <map>
#include <memory>
#include <new>
#include <stdexcept>
#include <string>
#include <type_traits>
#include <utility>
#include <vector>

#include "kernels/api/backend.hpp"
#include "kernels/cuda/error.hpp"
#include "kernels/cuda/launch.hpp"
#include "kernels/cuda/metrics.hpp"
#include "kernels/cuda/stream.hpp"

namespace hpogrid::kernels {
namespace {

using cuda::check;
using cuda::make_stream;
using cuda::Stream;

struct GraphDeleter {
    void operator()(cudaGraph_t graph) const noexcept { cuda::ignore(cudaGraphDestroy(graph)); }
};
using Graph = std::unique_ptr<std::remove_pointer_t<cudaGraph_t>, GraphDeleter>;
struct GraphExecDeleter {
    void operator()(cudaGraphExec_t graph) const noexcept { cuda::ignore(cudaGraphExecDestroy(graph)); }
};
using GraphExec = std::unique_ptr<std::remove_pointer_t<cudaGraphExec_t>, GraphExecDeleter>;

/// Queues a kernel for slots. Metrics are no kernel here: see cuda::compute_metrics().
void queue(const Kernel& kernel, const cuda::Launch& launch) {
    std::visit(
        [&](const auto& args) {
            if constexpr (std::is_same_v<std::decay_t<decltype(args)>, ComputeMetrics>) {
                throw std::logic_error{"metrics in a plan"};
            } else {
                cuda::run(args, launch);
            }
        },
        kernel);
}

/// What the last kernel of a plan does to a row of the slot table.
using Move = std::function<void(SlotRow&)>;

/// A plan's micro-step as one graph, with a stream of its own: plans share no slots.
struct PlanGraph {
    Stream stream;
    GraphExec graph;
    Move move;
};

std::vector<int> to_host(std::span<const int> device, cudaStream_t stream) {
    std::vector<int> host(device.size());
    cuda::copy(host.data(), device.data(), device.size_bytes(), stream);
    return host;
}

/// For rows on the host.
Move move_of(const Kernel& last, cudaStream_t stream) {
    if (const auto* advance = std::get_if<AdvanceInShare>(&last)) {
        return [rows = to_host(advance->training_rows, stream), micro_batch = advance->micro_batch,
                share = advance->share](SlotRow& row) {
            advance_in_share(row, rows[static_cast<std::size_t>(row.settings.fold)], micro_batch, share);
        };
    }
    const auto& advance = std::get<Advance>(last);
    const bool training = advance.phase == Phase::training;
    return [rows = to_host(training ? advance.training_rows : advance.validation_rows, stream),
            micro_batch = advance.micro_batch, training](SlotRow& row) {
        const int rows_of_fold = rows[static_cast<std::size_t>(row.settings.fold)];
        training ? advance_training(row, rows_of_fold, micro_batch)
                 : advance_validation(row, rows_of_fold, micro_batch);
    };
}

PlanGraph capture(const Plan& plan) {
    PlanGraph captured{make_stream(), nullptr, {}};
    captured.move = move_of(plan.kernels.back(), captured.stream.get());
    const cuda::Launch launch{captured.stream.get(), 0, static_cast<int>(plan.table.size())};
    check(cudaStreamBeginCapture(captured.stream.get(), cudaStreamCaptureModeThreadLocal), "begin a graph");
    for (const Kernel& kernel : plan.kernels) {
        queue(kernel, launch);
    }
    cudaGraph_t graph = nullptr;
    check(cudaStreamEndCapture(captured.stream.get(), &graph), "end a graph");
    const Graph owned{graph};
    cudaGraphExec_t executable = nullptr;
    check(cudaGraphInstantiate(&executable, graph, 0), "make a graph");
    captured.graph.reset(executable);
    return captured;
}

/// How many micro-batches take all slots to where they wait: what the device will do, done with the rows alone.
int micro_batches(const PlanGraph& graph, Phase phase, std::vector<SlotRow> rows) {
    int most = 0;
    for (SlotRow& row : rows) {
        int count = 0;
        for (; rows_at_work(row.progress, phase) > 0; ++count) {
            graph.move(row);
        }
        most = std::max(most, count);
    }
    return most;
}

/// The hexadecimal digits of a UUID, in groups as NVML writes them.
std::string to_text(const cudaUUID_t& uuid) {
    constexpr std::string_view digits = "0123456789abcdef";
    std::string text;
    for (std::size_t i = 0; i < sizeof uuid.bytes; ++i) {
        const auto byte = static_cast<unsigned char>(uuid.bytes[i]);
        text += i == 4 || i == 6 || i == 8 || i == 10 ? "-" : "";
        text += digits[byte >> 4U];
        text += digits[byte & 0xFU];
    }
    return text;
}

/// All slots of a bucket advance together, one graph launch a micro-batch; slots that wait, and blocks of rows and
/// units that a slot does not have, return at once. Sums are ordered by a slot's own sizes, without atomics.
class CudaBackend final : public Backend {
  public:
    explicit CudaBackend(int device) : device_{device} {
        check(cudaSetDevice(device_), "use the device");
        stream_ = make_stream();
    }

    std::byte* allocate(std::size_t bytes) override {
        use_device();
        void* memory = nullptr;
        const cudaError_t status = cudaMalloc(&memory, bytes);
        if (status == cudaErrorMemoryAllocation) {
            // Out of memory is an error of this call alone.
            cuda::ignore(cudaGetLastError());
            throw std::bad_alloc{};
        }
        check(status, "allocate memory");
        check(cudaMemsetAsync(memory, 0, bytes, stream_.get()), "clear memory");
        check(cudaStreamSynchronize(stream_.get()), "clear memory");
        return static_cast<std::byte*>(memory);
    }
    void release(std::byte* memory) noexcept override { cuda::ignore(cudaFree(memory)); }
    void upload(std::byte* device, const std::byte* host, std::size_t bytes) override { transfer(device, host, bytes); }
    void download(std::byte* host, const std::byte* device, std::size_t bytes) const override {
        transfer(host, device, bytes);
    }
    void copy(std::byte* to, const std::byte* from, std::size_t bytes) override { transfer(to, from, bytes); }
    void connect(const Backend& other) override {
        const auto* const peer = dynamic_cast<const CudaBackend*>(&other);
        if (peer == nullptr || peer->device_ == device_) {
            return;
        }
        use_device();
        int possible = 0;
        check(cudaDeviceCanAccessPeer(&possible, device_, peer->device_), "ask whether it can connect two devices");
        if (possible == 0) {
            return;  // copies go through memory of the host
        }
        if (const cudaError_t status = cudaDeviceEnablePeerAccess(peer->device_, 0);
            status != cudaErrorPeerAccessAlreadyEnabled) {
            check(status, "connect two devices");
        }
        // Not a fault of whatever is launched next.
        cuda::ignore(cudaGetLastError());
    }

    int lanes(int slots) const override { return slots; }

    void run(std::span<const Plan* const> plans) override {
        use_device();
        std::vector<cudaStream_t> busy;
        for (const Plan* plan : plans) {
            PlanGraph& graph = graph_of(*plan);
            for (int left = micro_batches(graph, plan->phase, rows_of(plan->table)); left > 0; --left) {
                check(cudaGraphLaunch(graph.graph.get(), graph.stream.get()), "launch a graph");
            }
            busy.push_back(graph.stream.get());
        }
        for (const cudaStream_t stream : busy) {
            check(cudaStreamSynchronize(stream), "run a plan");
        }
    }

    void run_once(std::span<const Plan* const> plans) override {
        use_device();
        for (const Plan* plan : plans) {
            for (const Kernel& kernel : plan->kernels) {
                queue(kernel, {stream_.get(), 0, static_cast<int>(plan->table.size())});
            }
        }
        check(cudaStreamSynchronize(stream_.get()), "run a plan once");
    }

    void run_once(const Kernel& kernel, int slot) override {
        use_device();
        if (const auto* metrics = std::get_if<ComputeMetrics>(&kernel)) {
            cuda::compute_metrics(*metrics, slot, stream_.get());
            return;
        }
        queue(kernel, {stream_.get(), slot, 1});
        check(cudaStreamSynchronize(stream_.get()), "run a kernel");
    }

  private:
    /// Each thread has a device of its own that is current.
    void use_device() const { check(cudaSetDevice(device_), "use the device"); }
    void transfer(void* to, const void* from, std::size_t bytes) const {
        use_device();
        cuda::copy(to, from, bytes, stream_.get());
    }
    [[nodiscard]] std::vector<SlotRow> rows_of(std::span<const SlotRow> table) const {
        std::vector<SlotRow> rows(table.size());
        transfer(rows.data(), table.data(), table.size_bytes());
        return rows;
    }
    PlanGraph& graph_of(const Plan& plan) {
        const auto found = graphs_.find(&plan);
        return found != graphs_.end() ? found->second : graphs_.emplace(&plan, capture(plan)).first->second;
    }

    int device_;
    Stream stream_;
    std::map<const Plan*, PlanGraph> graphs_;
};

}  // namespace

namespace cuda {

void check(cudaError_t status, const char* what) {
    if (status != cudaSuccess) {
        throw std::runtime_error{std::string{"CUDA cannot "} + what + ": " + cudaGetErrorString(status)};
    }
}

void copy(void* to, const void* from, std::size_t bytes, cudaStream_t stream) {
    check(cudaMemcpyAsync(to, from, bytes, cudaMemcpyDefault, stream), "copy memory");
    check(cudaStreamSynchronize(stream), "copy memory");
}

}  // namespace cuda

bool cuda_built() noexcept {
    return true;
}

int cuda_device_count() noexcept {
    int count = 0;
    // Without a driver the count stays unset.
    return cudaGetDeviceCount(&count) == cudaSuccess ? count : 0;
}

std::string cuda_device_uuid(int device) {
    cudaDeviceProp properties;
    cuda::check(cudaGetDeviceProperties(&properties, device), "describe a device");
    return "GPU-" + to_text(properties.uuid);
}

std::optional<int> find_cuda_device(std::string_view uuid) {
    // An instance of a GPU is "MIG-" to NVML.
    const auto digits = [](std::string_view text) { return text.substr(std::min(text.size(), text.find('-') + 1)); };
    const int count = uuid.empty() ? 0 : cuda_device_count();
    for (int device = 0; device < count; ++device) {
        if (digits(cuda_device_uuid(device)) == digits(uuid)) {
            return device;
        }
    }
    return std::nullopt;
}

std::unique_ptr<Backend> make_cuda_backend(int device) {
    if (device < 0 || device >= cuda_device_count()) {
        throw std::runtime_error{"no CUDA device " + std::to_string(device) + " (" +
                                 std::to_string(cuda_device_count()) + " there)"};
    }
    return std::make_unique<CudaBackend>(device);
}

}  // namespace hpogrid::kernels
