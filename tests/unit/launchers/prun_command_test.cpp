#include "launchers/panda/prun_command.hpp"

#include "tests/unit/config/refusal.hpp"

#include <gmock/gmock.h>

namespace hpogrid::launchers {
namespace {

using config::refusal;
using testing::Contains;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::Not;
using testing::StartsWith;

PandaTask task() {
    PandaTask task;
    task.out_dataset = "user.me.x";
    task.submission_file = "/s/prun.json";
    task.grid.sites = {"A", "B"};
    task.grid.container = "image";
    return task;
}

TEST(PrunCommand, AsksForAGpuAndShipsTheJobScript) {
    EXPECT_THAT(prun_command(task()),
                ElementsAre("prun", "--architecture=#&nvidia", "--containerImage=image", "--disableAutoRetry",
                            "--dumpJson=/s/prun.json", "--exec=sh hpogrid/grid-job 1", "--nJobs=1", "--outDS=user.me.x",
                            "--outputs=results.h5", "--site=A,B", "--useSandbox"));
}

TEST(PrunCommand, NumbersTheJobsOfATask) {
    PandaTask several = task();
    several.jobs = 3;
    EXPECT_THAT(prun_command(several), Contains("--exec=sh hpogrid/grid-job %RNDM:1"));
    EXPECT_THAT(prun_command(several), Contains("--nJobs=3"));
}

TEST(PrunCommand, LeavesOutWhatIsNotAskedFor) {
    PandaTask anywhere = task();
    anywhere.grid.sites.clear();
    anywhere.grid.retry = true;
    EXPECT_THAT(prun_command(anywhere), Not(Contains(StartsWith("--site"))));
    EXPECT_THAT(prun_command(anywhere), Not(Contains("--disableAutoRetry")));
}

TEST(PrunCommand, TakesFurtherOptionsFromTheConfigurationAndTheCommandLine) {
    PandaTask more = task();
    more.grid.extra = {{"nCore", 8}, {"architecture", nullptr}, {"express", true}, {"excludedSite", {"X", "Y"}}};
    more.passed_through = {"--memory", "$(id)"};
    const auto command = prun_command(more);
    EXPECT_THAT(command, Contains("--nCore=8"));
    EXPECT_THAT(command, Contains("--express"));
    EXPECT_THAT(command, Contains("--excludedSite=X"));
    EXPECT_THAT(command, Contains("--excludedSite=Y"));
    EXPECT_THAT(command, Not(Contains(StartsWith("--architecture"))));
    EXPECT_THAT(command, Contains("$(id)"));
}

TEST(PrunCommand, RefusesNamesThatAreNoOptions) {
    for (const char* name : {"-x", "a b", "x=y", "", "$(id)"}) {
        PandaTask bad = task();
        bad.grid.extra = {{name, 1}};
        EXPECT_THAT(refusal([&] { return prun_command(bad); }), HasSubstr("is no option of prun")) << name;
    }
}

TEST(SplitByInput, GivesEachJobTheWholeDataset) {
    PandaTask with_input = task();
    with_input.jobs = 2;
    EXPECT_EQ(split_by_input(with_input).size(), 1U);
    with_input.grid.in_dataset = "user.me.data";
    const auto tasks = split_by_input(with_input);
    ASSERT_EQ(tasks.size(), 2U);
    const auto second = prun_command(tasks[1]);
    EXPECT_THAT(second, Contains("--exec=sh hpogrid/grid-job 2"));
    EXPECT_THAT(second, Contains("--outDS=user.me.x.2"));
    EXPECT_THAT(second, Contains("--inDS=user.me.data"));
    EXPECT_THAT(second, Contains("--forceStaged"));
    EXPECT_THAT(second, Contains("--nJobs=1"));
    EXPECT_THAT(second, Contains("--dumpJson=/s/prun.2.json"));
}

}  // namespace
}  // namespace hpogrid::launchers
