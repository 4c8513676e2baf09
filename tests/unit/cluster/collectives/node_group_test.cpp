#include "engine/cluster/collectives/node_group.hpp"

#include "kernels/api/backend.hpp"
#include "tests/unit/cluster/collectives/memory_transport.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <span>

namespace hpogrid::cluster {
namespace {

using testing::HasSubstr;

TEST(NcclHindrance, IsNoneWithoutGpusAndForOneWorker) {
    EXPECT_EQ(nccl_hindrance(std::array<std::string, 2>{"", ""}), "");
    EXPECT_EQ(nccl_hindrance(std::array<std::string, 1>{"GPU-1"}), "");
}

TEST(NcclHindrance, IsAWorkerWithoutAGpuOrAGpuOfTwoWorkers) {
    EXPECT_THAT(nccl_hindrance(std::array<std::string, 2>{"GPU-1", ""}), HasSubstr("not every worker"));
    EXPECT_THAT(nccl_hindrance(std::array<std::string, 3>{"GPU-1", "GPU-2", "GPU-1"}),
                HasSubstr("2 workers share the GPU GPU-1"));
}

TEST(NcclHindrance, IsABuildWithoutNccl) {
    const std::string hindrance = nccl_hindrance(std::array<std::string, 2>{"GPU-1", "GPU-2"});
    EXPECT_EQ(hindrance.empty(), kernels::nccl_built());
}

TEST(NodeGroup, NoticesTheDeathOfAMembersProcess) {
    const pid_t other = ::fork();
    if (other == 0) {
        ::pause();
        ::_exit(0);
    }
    MemoryWorld world{3};
    NodeGroup group{world.transport(1), std::array{NodeWorker{1, ::getpid()}, NodeWorker{2, other}}};
    std::array<std::byte, 10> bytes{};
    group.collectives().broadcast(1, bytes);
    EXPECT_EQ(group.collectives().advance(), kernels::Transfer::under_way);
    ::kill(other, SIGKILL);
    EXPECT_EQ(kernels::wait(group.collectives()), kernels::Transfer::failed);
    ::waitpid(other, nullptr, 0);
}

}  // namespace
}  // namespace hpogrid::cluster
