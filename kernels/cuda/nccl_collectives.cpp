#include <cuda_runtime_api.h>
#include <nccl.h>

#include <chrono>
#include <cstring>
#include <new>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

#include "kernels/api/collectives.hpp"
#include "kernels/cuda/error.hpp"
#include "kernels/cuda/stream.hpp"

namespace hpogrid::kernels {
namespace {

using Clock = std::chrono::steady_clock;
using cuda::check;

void check(ncclResult_t status, const char* what) {
    if (status != ncclSuccess && status != ncclInProgress) {
        throw std::runtime_error{std::string{"NCCL cannot "} + what + ": " + ncclGetErrorString(status)};
    }
}

struct DeviceMemoryDeleter {
    void operator()(std::byte* memory) const noexcept { cuda::ignore(cudaFree(memory)); }
};

/// Bytes of the host that travel through memory of the device.
struct Staged {
    std::unique_ptr<std::byte, DeviceMemoryDeleter> device;
    std::span<std::byte> taken;  ///< where they go in the end; empty: they are only given
};

Staged stage(std::size_t size) {
    void* memory = nullptr;
    check(cudaMalloc(&memory, size), "allocate memory for a transfer");
    return {std::unique_ptr<std::byte, DeviceMemoryDeleter>{static_cast<std::byte*>(memory)}, {}};
}

/// One member, without a call that waits for another one: the communicator is non-blocking, copies to the host are made
/// when the stream has nothing left to do. A dead member breaks the group: NCCL has no way on without it.
class NcclCollectives final : public Collectives {
  public:
    explicit NcclCollectives(const NcclMember& member) : member_{member} {
        use_device();
        stream_ = cuda::make_stream();
        begin();
        ncclConfig_t config = NCCL_CONFIG_INITIALIZER;
        config.blocking = 0;
        ncclUniqueId id;
        static_assert(sizeof id == sizeof(NcclId));
        std::memcpy(&id, member.id.data(), sizeof id);
        check(ncclCommInitRankConfig(&communicator_, member.size, id, member.rank, &config), "join a group");
    }
    ~NcclCollectives() override { abort(); }

    int rank() const noexcept override { return member_.rank; }
    int size() const noexcept override { return member_.size; }

    void broadcast(int root, std::span<std::byte> bytes) override {
        if (!ready() || bytes.empty()) {
            return;
        }
        begin();
        Staged& staged = staged_.emplace_back(stage(bytes.size()));
        if (member_.rank == root) {
            upload(staged, bytes);
        } else {
            staged.taken = bytes;
        }
        std::byte* const memory = staged.device.get();
        check(ncclBroadcast(memory, memory, bytes.size(), ncclUint8, root, communicator_, stream_.get()), "broadcast");
    }

    void exchange(std::span<const Send> sends, std::span<const Receive> receives) override {
        if (!ready()) {
            return;
        }
        begin();
        for (const Send& send : sends) {
            upload(staged_.emplace_back(stage(send.bytes.size())), send.bytes);
        }
        for (const Receive& receive : receives) {
            staged_.emplace_back(stage(receive.bytes.size())).taken = receive.bytes;
        }
        auto next = staged_.begin();
        check(ncclGroupStart(), "begin a group of transfers");
        for (const Send& send : sends) {
            check(ncclSend((next++)->device.get(), send.bytes.size(), ncclUint8, send.to, communicator_, stream_.get()),
                  "send");
        }
        for (const Receive& receive : receives) {
            check(ncclRecv((next++)->device.get(), receive.bytes.size(), ncclUint8, receive.from, communicator_,
                           stream_.get()),
                  "receive");
        }
        check(ncclGroupEnd(), "end a group of transfers");
    }

    Transfer advance() override {
        if (failed_) {
            return Transfer::failed;
        }
        if (!busy_) {
            return Transfer::done;
        }
        use_device();
        ncclResult_t state = ncclSuccess;
        const bool readable = ncclCommGetAsyncError(communicator_, &state) == ncclSuccess;
        const cudaError_t left = state == ncclSuccess ? cudaStreamQuery(stream_.get()) : cudaErrorNotReady;
        const bool broken = !readable || (state != ncclSuccess && state != ncclInProgress) ||
                            (left != cudaSuccess && left != cudaErrorNotReady);
        if (!broken && left == cudaSuccess) {
            finish();
            return Transfer::done;
        }
        if (broken || Clock::now() > deadline_ || any_died()) {
            abort();
            return Transfer::failed;
        }
        return Transfer::under_way;
    }

    void abort() noexcept override {
        failed_ = true;
        if (communicator_ != nullptr) {
            cuda::ignore(cudaSetDevice(member_.device));
            // What it answers changes nothing: the communicator is gone.
            static_cast<void>(ncclCommAbort(std::exchange(communicator_, nullptr)));
        }
        staged_.clear();
    }

  private:
    /// Each thread has a device of its own that is current.
    void use_device() const { check(cudaSetDevice(member_.device), "use the device"); }
    /// \returns false if all is lost anyway
    [[nodiscard]] bool ready() const {
        if (!failed_ && busy_) {
            throw std::logic_error{"an operation of the group is under way"};
        }
        if (!failed_) {
            use_device();
        }
        return !failed_;
    }
    void begin() {
        busy_ = true;
        deadline_ =
            Clock::now() + std::chrono::duration_cast<Clock::duration>(std::chrono::duration<double>{member_.patience});
    }
    void upload(Staged& staged, std::span<const std::byte> bytes) {
        check(cudaMemcpyAsync(staged.device.get(), bytes.data(), bytes.size(), cudaMemcpyHostToDevice, stream_.get()),
              "copy to the device");
    }
    void finish() {
        for (const Staged& staged : staged_) {
            if (!staged.taken.empty()) {
                cuda::copy(staged.taken.data(), staged.device.get(), staged.taken.size(), stream_.get());
            }
        }
        staged_.clear();
        busy_ = false;
    }
    [[nodiscard]] bool any_died() const {
        for (int member = 0; member < member_.size; ++member) {
            if (member != member_.rank && member_.has_died(member)) {
                return true;
            }
        }
        return false;
    }

    NcclMember member_;
    cuda::Stream stream_;
    ncclComm_t communicator_{nullptr};
    std::vector<Staged> staged_;
    Clock::time_point deadline_;
    bool busy_{false};
    bool failed_{false};
};

}  // namespace

bool nccl_built() noexcept {
    return true;
}

NcclId make_nccl_id() {
    ncclUniqueId id;
    check(ncclGetUniqueId(&id), "make an id");
    NcclId bytes;
    std::memcpy(bytes.data(), &id, sizeof id);
    return bytes;
}

std::unique_ptr<Collectives> make_nccl_collectives(const NcclMember& member) {
    return std::make_unique<NcclCollectives>(member);
}

}  // namespace hpogrid::kernels
