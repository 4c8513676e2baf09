#include "engine/trials/native/native_backend.hpp"
#include "engine/trials/native/native_models.hpp"
#include "tests/unit/trials/native/native_fixture.hpp"

#include "kernels/api/backend.hpp"

#include <gmock/gmock.h>

#include <string>

namespace hpogrid::trials::test {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

const std::string some_gpu = "GPU-00000000-0000-0000-0000-000000000000";
const std::string other_gpu = "GPU-00000000-0000-0000-0000-000000000001";

/// What it tells about the GPUs of a trial, having made something to train on.
std::string told_about(const std::vector<std::string>& gpus) {
    testing::internal::CaptureStderr();
    const auto backends = make_native_backends({.slots = 1, .threads = 3, .gpus = gpus});
    std::string told = testing::internal::GetCapturedStderr();
    EXPECT_EQ(backends.size(), 1U);
    EXPECT_EQ(backends.front()->lanes(8), 3) << "not the host's, with a lane for each thread";
    return told;
}

TEST(NativeBackends, AreTheCoresWithoutAGpuAndWithoutAWord) {
    EXPECT_EQ(told_about({}), "");
}

TEST(NativeBackends, AreTheCoresOnceWhereNoGpuCanBeUsedWhichIsTold) {
    EXPECT_THAT(told_about({some_gpu}), HasSubstr("on the cores, not on " + some_gpu + " ("));
    EXPECT_THAT(told_about({some_gpu, other_gpu}), HasSubstr("on the cores, not on " + some_gpu + ", " + other_gpu));
}

class NativeModels : public NativeEvaluation {
  protected:
    /// What making a model tells where the slots of a worker have these GPUs.
    std::string told_about_slots(const std::vector<std::string>& gpus_of_slot) {
        surroundings.gpus_of_slot = gpus_of_slot;
        testing::internal::CaptureStderr();
        static_cast<void>(make_native_model({model, param.dump()}, surroundings));
        return testing::internal::GetCapturedStderr();
    }
};

TEST_F(NativeModels, GetAllGpusOfATrial) {
    const std::string both = some_gpu + "," + other_gpu;
    EXPECT_THAT(told_about_slots({both, both}), HasSubstr("on the cores, not on " + some_gpu + ", " + other_gpu));
    EXPECT_EQ(told_about_slots({"", ""}), "");
}

TEST_F(NativeModels, AreOnTheGpusOfOneSlotAndThoseOfOthersAreIdleWhichIsTold) {
    EXPECT_THAT(told_about_slots({some_gpu, some_gpu, "GPU-1,GPU-2", "GPU-1,GPU-2", "GPU-3,GPU-4"}),
                HasSubstr("on " + some_gpu + ", not on GPU-1,GPU-2, GPU-3,GPU-4"));
    EXPECT_THAT(told_about_slots({some_gpu, some_gpu}), Not(HasSubstr("on " + some_gpu + ", not on")));
}

}  // namespace
}  // namespace hpogrid::trials::test
