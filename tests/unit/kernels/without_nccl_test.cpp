#include <gtest/gtest.h>

#include "kernels/api/backend.hpp"
#include "kernels/api/collectives.hpp"

namespace hpogrid::kernels {
namespace {

TEST(WithoutNccl, GroupsOfGpusAreRefused) {
    if (nccl_built()) {
        GTEST_SKIP() << "built with NCCL";
    }
    EXPECT_THROW(static_cast<void>(make_nccl_id()), NotCompiled);
    EXPECT_THROW(static_cast<void>(make_nccl_collectives({})), NotCompiled);
}

}  // namespace
}  // namespace hpogrid::kernels
