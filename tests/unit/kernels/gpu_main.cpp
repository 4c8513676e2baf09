// The same tests on a GPU; exit status 77 (skipped) without one.
#include <gmock/gmock.h>

#include <cstdio>

#include "kernels/api/backend.hpp"

int main(int count, char** arguments) {
    if (hpogrid::kernels::cuda_device_count() == 0) {
        std::puts("skipped: no CUDA device");
        return 77;
    }
    testing::InitGoogleMock(&count, arguments);
    return RUN_ALL_TESTS();
}
