#include "engine/trials/native/native_backend.hpp"

#include "kernels/api/backend.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

namespace hpogrid::trials {
namespace {

using testing::HasSubstr;

/// What it tells about a worker's GPU, having made something to train on.
std::string told_about(const std::string& gpu) {
    testing::internal::CaptureStderr();
    const auto backend = make_native_backend({.slots = 1, .threads = 3, .gpu = gpu});
    const std::string told = testing::internal::GetCapturedStderr();
    EXPECT_EQ(backend->lanes(8), 3) << "not the host's, with a lane for each thread";
    return told;
}

TEST(NativeBackend, IsTheCoresWithoutAGpuAndWithoutAWord) {
    EXPECT_EQ(told_about(""), "");
}

TEST(NativeBackend, IsTheCoresWhereTheGpuCannotBeUsedWhichIsTold) {
    const std::string gpu = "GPU-00000000-0000-0000-0000-000000000000";
    EXPECT_THAT(told_about(gpu), HasSubstr("on the cores, not on " + gpu));
}

}  // namespace
}  // namespace hpogrid::trials
