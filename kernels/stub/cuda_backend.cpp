#include "kernels/api/backend.hpp"

namespace hpogrid::kernels {
namespace {

[[noreturn]] void refuse() {
    throw NotCompiled{"no CUDA (it was not there when this was built), allowed: the host's kernels"};
}

}  // namespace

bool cuda_built() noexcept {
    return false;
}

int cuda_device_count() noexcept {
    return 0;
}

std::string cuda_device_uuid(int) {
    refuse();
}

std::optional<int> find_cuda_device(std::string_view) {
    return std::nullopt;
}

std::unique_ptr<Backend> make_cuda_backend(int) {
    refuse();
}

}  // namespace hpogrid::kernels
