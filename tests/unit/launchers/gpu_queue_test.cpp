#include "launchers/sites/gpu_queue.hpp"

#include "tests/unit/config/refusal.hpp"

#include <gmock/gmock.h>

namespace hpogrid::launchers {
namespace {

using config::refusal;
using nlohmann::json;
using testing::ElementsAre;
using testing::Field;
using testing::HasSubstr;

const json queues = json::parse(R"({
    "C_BY_ARCHITECTURE": {"state": "ACTIVE", "status": "online", "corecount": 8, "maxrss": 16000, "maxtime": 172800,
        "catchall": null, "resource_type": "GRID", "container_type": "apptainer:pilot", "atlas_site": "SITE",
        "architectures": [{"type": "cpu"}, {"type": "gpu", "vendor": ["nvidia"], "model": ["A100", "H100"]}]},
    "B_BY_CATCHALL": {"state": "ACTIVE", "status": "test", "catchall": "x,gpu=1", "maxtime": "5400", "corecount": null},
    "A_BY_TYPE": {"state": "INACTIVE", "status": "online", "resource_type": "gpu", "architectures": [
        {"type": "gpu", "vendor": "nvidia", "model": "kt100"}]},
    "D_CPU": {"state": "ACTIVE", "status": "online", "catchall": "no_gpu,gpus", "resource_type": "GRID",
        "architectures": [{"type": "cpu", "model": ["gpu"]}]},
    "E_ODD": 7})");

TEST(GpuQueues, AreFoundInEachOfTheWaysInWhichCricMarksThem) {
    EXPECT_THAT(gpu_queues(queues),
                ElementsAre(Field(&GpuQueue::name, "A_BY_TYPE"), Field(&GpuQueue::name, "B_BY_CATCHALL"),
                            Field(&GpuQueue::name, "C_BY_ARCHITECTURE")));
    EXPECT_THAT(refusal([] { static_cast<void>(gpu_queues(json::array())); }), HasSubstr("no object of queues"));
}

TEST(GpuQueues, TellWhatCricTells) {
    const TextTable table = queue_table(gpu_queues(queues));
    EXPECT_THAT(table.rows[0], ElementsAre("A_BY_TYPE", "INACTIVE", "nvidia kt100", "", "", "", ""));
    EXPECT_THAT(table.rows[1], ElementsAre("B_BY_CATCHALL", "test", "", "1.5 h", "", "", ""));
    EXPECT_THAT(table.rows[2],
                ElementsAre("C_BY_ARCHITECTURE", "online", "nvidia A100, H100", "48 h", "8", "16000 MB", "SITE"));
    EXPECT_THAT(table.styles, ElementsAre("33", "33", "32"));
    const json list = json_of(gpu_queues(queues));
    EXPECT_EQ(list[2].at("models"), json({"A100", "H100"}));
    EXPECT_EQ(list[2].at("wall_time_s"), 172800);
    EXPECT_EQ(list[1].at("cores"), json{});
}

}  // namespace
}  // namespace hpogrid::launchers
