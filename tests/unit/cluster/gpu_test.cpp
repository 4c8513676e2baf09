#include "engine/cluster/cpu_share.hpp"
#include "engine/cluster/gpu_binding.hpp"
#include "engine/cluster/gpu_inventory.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace hpogrid::cluster {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

std::vector<Gpu> machine(unsigned count) {
    std::vector<Gpu> gpus;
    for (unsigned i = 0; i < count; ++i) {
        gpus.push_back({"GPU-" + std::string(1, static_cast<char>('a' + i)) + "000", "Test", 1, i, false});
    }
    return gpus;
}

std::vector<std::string> uuids(const std::vector<Gpu>& gpus) {
    std::vector<std::string> names;
    for (const Gpu& gpu : gpus) {
        names.push_back(gpu.uuid);
    }
    return names;
}

std::vector<std::string> slots(const GpuBinding& binding) {
    std::vector<std::string> devices;
    for (const auto& slot : binding.slots) {
        devices.push_back(visible_devices(slot));
    }
    return devices;
}

TEST(GpuInventory, IsEmptyWithoutADriver) {
    EXPECT_THAT(find_gpus("libno-such-nvml.so.1"), IsEmpty());
}

TEST(GpuInventory, ListsGpusAndTheInstancesOfThoseThatAreDivided) {
    const std::vector<Gpu> gpus = find_gpus(FAKE_NVML);

    ASSERT_THAT(uuids(gpus), ElementsAre("GPU-11111111-aaaa", "MIG-33333333-cccc", "MIG-44444444-dddd"));
    EXPECT_EQ(gpus[0].name, "Fake H200");
    EXPECT_EQ(gpus[0].memory, std::uint64_t{140} << 30U);
    EXPECT_FALSE(gpus[0].is_mig);
    EXPECT_TRUE(gpus[2].is_mig);
    EXPECT_EQ(gpus[2].index, 1U);
}

TEST(VisibleGpus, FollowTheInheritedMask) {
    const auto all = machine(4);
    EXPECT_EQ(visible_gpus(all, std::nullopt).size(), 4U);
    EXPECT_THAT(visible_gpus(all, ""), IsEmpty());
    EXPECT_THAT(visible_gpus(all, "-1"), IsEmpty());
    EXPECT_THAT(visible_gpus(all, "NoDevFiles"), IsEmpty());
    EXPECT_THAT(uuids(visible_gpus(all, "2,0")), ElementsAre("GPU-c000", "GPU-a000"));
    EXPECT_THAT(uuids(visible_gpus(all, " 1 , GPU-d")), ElementsAre("GPU-b000", "GPU-d000"));
    EXPECT_THAT(uuids(visible_gpus(all, "1,9,2")), ElementsAre("GPU-b000")) << "it ends at what names nothing";
    EXPECT_THAT(visible_gpus(all, "GPU-"), IsEmpty()) << "the beginning of several";
}

TEST(VisibleGpus, KnowMigInstances) {
    const std::vector<Gpu> all{{"MIG-1111", "Slice", 1, 0, true}, {"MIG-2222", "Slice", 1, 0, true}};
    EXPECT_THAT(uuids(visible_gpus(all, "MIG-2222")), ElementsAre("MIG-2222"));
    EXPECT_THAT(uuids(visible_gpus(all, "0")), ElementsAre("MIG-1111")) << "as CUDA, which shows one instance";
}

TEST(GpuBinding, GivesAMachineWithoutGpusItsSlots) {
    EXPECT_THAT(slots(bind_gpus({}, {.slots_per_gpu = 3})), ElementsAre("", "", ""));
}

TEST(GpuBinding, GivesEveryGpuToOneWorker) {
    const auto gpus = machine(4);
    EXPECT_THAT(slots(bind_gpus(gpus, {.worker = 0, .workers = 4})), ElementsAre("GPU-a000"));
    EXPECT_THAT(slots(bind_gpus(gpus, {.worker = 3, .workers = 4})), ElementsAre("GPU-d000"));
    EXPECT_THAT(slots(bind_gpus(gpus, {.worker = 1, .workers = 2})), ElementsAre("GPU-c000", "GPU-d000"));
    EXPECT_THAT(slots(bind_gpus(gpus, {.worker = 2, .workers = 3})), ElementsAre("GPU-c000", "GPU-d000"));
}

TEST(GpuBinding, GroupsGpusForATrial) {
    const auto gpus = machine(4);
    EXPECT_THAT(slots(bind_gpus(gpus, {.worker = 0, .workers = 1, .gpus_per_trial = 2})),
                ElementsAre("GPU-a000,GPU-b000", "GPU-c000,GPU-d000"));
    EXPECT_THAT(slots(bind_gpus(gpus, {.worker = 0, .workers = 2, .gpus_per_trial = 8})),
                ElementsAre("GPU-a000,GPU-b000"));
}

TEST(GpuBinding, SharesAGpuAmongSlotsAndWorkers) {
    const auto gpus = machine(1);
    EXPECT_THAT(slots(bind_gpus(gpus, {.worker = 0, .workers = 1, .slots_per_gpu = 2})),
                ElementsAre("GPU-a000", "GPU-a000"));
    const auto shared = bind_gpus(gpus, {.worker = 2, .workers = 3});
    EXPECT_THAT(slots(shared), ElementsAre("GPU-a000"));
    EXPECT_TRUE(shared.shared_with_other_workers);
}

TEST(GpuBinding, SaysWhereATrialGetsFewerGpusThanWereAskedFor) {
    const auto told = [](unsigned gpus, unsigned asked) {
        return describe(bind_gpus(machine(gpus), {.gpus_per_trial = asked}), asked);
    };
    EXPECT_EQ(told(0, 1), "");
    EXPECT_EQ(told(0, 2), "none, though 2 a trial were asked for");
    EXPECT_THAT(told(1, 2), testing::EndsWith(", only 1 of the 2 that a trial was to get"));
    EXPECT_THAT(told(2, 2), testing::EndsWith("GPU-a000,GPU-b000"));
}

TEST(CpuShare, DividesCoresAmongTrials) {
    EXPECT_GE(available_cores(), 1.0);
    EXPECT_EQ(threads_per_trial(16, 4, 2), 2U);
    EXPECT_EQ(threads_per_trial(2, 3, 1), 1U);
    EXPECT_EQ(threads_per_trial(7.9, 1, 1), 7U);
    EXPECT_EQ(threads_of(0.5), 1U);
}

}  // namespace
}  // namespace hpogrid::cluster
