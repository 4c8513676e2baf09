#include "launchers/slurm/sbatch_command.hpp"

#include <gmock/gmock.h>

namespace hpogrid::launchers {
namespace {

using testing::Contains;
using testing::ElementsAre;
using testing::Not;
using testing::StartsWith;

SlurmJob job() {
    SlurmJob job;
    job.name = "it's";
    job.package = "/s/package";
    return job;
}

TEST(SbatchCommand, StartsTheJobScriptInThePackage) {
    EXPECT_THAT(sbatch_command(job()),
                ElementsAre("sbatch", "--parsable", "--job-name=it's", "--chdir=/s/package", "--output=/s/job.log",
                            "--open-mode=append", "--requeue", "--nodes=1", "/s/package/hpogrid/slurm-job"));
}

TEST(SbatchCommand, MakesSeveralJobsAnArrayWithALogEach) {
    SlurmJob several = job();
    several.jobs = 3;
    EXPECT_THAT(sbatch_command(several), Contains("--array=1-3"));
    EXPECT_THAT(sbatch_command(several), Contains("--output=/s/job-%a.log"));
}

TEST(SbatchCommand, KeepsSlurmFromFillingInThePath) {
    SlurmJob odd = job();
    odd.package = "/s/%j/package";
    EXPECT_THAT(sbatch_command(odd), Contains("--output=/s/%%j/job.log"));
    EXPECT_THAT(sbatch_command(odd), Contains("--chdir=/s/%j/package"));
}

TEST(SbatchCommand, AsksForNodesAndPartitions) {
    SlurmJob large = job();
    large.nodes = 4;
    large.partitions = {"gpu", "long"};
    EXPECT_THAT(sbatch_command(large), Contains("--nodes=4"));
    EXPECT_THAT(sbatch_command(large), Contains("--partition=gpu,long"));
}

TEST(SbatchCommand, HasTheJobWarnedWhileThereIsTimeToWriteResults) {
    SlurmJob timed = job();
    EXPECT_THAT(sbatch_command(timed), Not(Contains(StartsWith("--signal"))));
    timed.wall_time = 93'784;
    EXPECT_THAT(sbatch_command(timed), Contains("--time=26:03:04"));
    EXPECT_THAT(sbatch_command(timed), Contains("--signal=B:TERM@300"));
    timed.wall_time = 1;
    EXPECT_THAT(sbatch_command(timed), Contains("--signal=B:TERM@1"));
}

TEST(SbatchCommand, PutsFurtherOptionsBehindItsOwnAndBeforeTheScript) {
    SlurmJob more = job();
    more.passed_through = {"--gpus-per-node", "$(id)"};
    const auto words = sbatch_command(more);
    EXPECT_EQ(words[words.size() - 3], "--gpus-per-node");
    EXPECT_EQ(words[words.size() - 2], "$(id)");
}

}  // namespace
}  // namespace hpogrid::launchers
