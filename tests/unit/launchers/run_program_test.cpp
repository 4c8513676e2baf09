#include "launchers/core/run_program.hpp"

#include "tests/unit/config/refusal.hpp"

#include <gmock/gmock.h>

namespace hpogrid::launchers {
namespace {

using config::refusal;

TEST(RunProgram, AnswersTheExitStatusAndTheSignal) {
    EXPECT_EQ(run_program({"sh", "-c", "exit 3"}, "/"), 3);
    EXPECT_EQ(run_program({"sh", "-c", "kill -TERM $$"}, "/"), 128 + 15);
}

TEST(RunProgram, RunsInTheFolderAndHandsOverWhatIsPrinted) {
    std::string output;
    EXPECT_EQ(run_program({"sh", "-c", "pwd; head -c 100000 /dev/zero; exit 1"}, "/usr", &output), 1);
    EXPECT_EQ(output.substr(0, 5), "/usr\n");
    EXPECT_EQ(output.size(), 100'005U);
}

TEST(RunProgram, RefusesWhatIsNotThere) {
    std::string output;
    EXPECT_THAT(refusal([&] { return run_program({"hpogrid-absent"}, "/", &output); }),
                testing::HasSubstr("cannot be started"));
}

}  // namespace
}  // namespace hpogrid::launchers
