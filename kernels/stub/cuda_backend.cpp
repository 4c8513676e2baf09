#include "kernels/api/backend.hpp"

namespace hpogrid::kernels {

std::unique_ptr<Backend> make_cuda_backend(int) {
    throw NotCompiled{"no CUDA (it was not there when this was built), allowed: the host's kernels"};
}

}  // namespace hpogrid::kernels
