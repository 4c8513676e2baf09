#include "engine/trials/native/native_checkpoint.hpp"
#include "engine/core/error.hpp"
#include "tests/unit/trials/evaluator_driver.hpp"

#include <gtest/gtest.h>

#include <fstream>
#include <limits>

namespace hpogrid::trials::test {
namespace {

namespace fs = std::filesystem;

NativeCheckpoint some_checkpoint() {
    return {.trial = TrialId{7},
            .iteration = 3,
            .time_total = 1.5,
            .best_objective = 0.25,
            .state = {std::byte{1}, std::byte{0}, std::byte{255}}};
}

class NativeCheckpoints : public ::testing::Test {
  protected:
    TemporaryFolder root;
    fs::path folder{root.path() / "checkpoints" / "000007_1_3"};
};

TEST_F(NativeCheckpoints, AreTheSameAfterSavingAndLoading) {
    const std::uint64_t bytes = save_checkpoint(folder, some_checkpoint());
    const NativeCheckpoint loaded = load_checkpoint(folder);
    EXPECT_EQ(loaded.trial, TrialId{7});
    EXPECT_EQ(loaded.iteration, 3);
    EXPECT_EQ(loaded.time_total, 1.5);
    EXPECT_EQ(loaded.best_objective, 0.25);
    EXPECT_EQ(loaded.state, some_checkpoint().state);
    EXPECT_EQ(bytes, fs::file_size(folder / "slot_state.bin") + fs::file_size(folder / "hpogrid_metadata.json"));
}

TEST_F(NativeCheckpoints, HaveNoBestObjectiveWhereItIsUnknown) {
    NativeCheckpoint checkpoint = some_checkpoint();
    for (const auto unknown : {std::optional<double>{}, std::optional{std::numeric_limits<double>::quiet_NaN()}}) {
        checkpoint.best_objective = unknown;
        fs::remove_all(folder);
        save_checkpoint(folder, checkpoint);
        EXPECT_EQ(load_checkpoint(folder).best_objective, std::nullopt);
    }
}

TEST_F(NativeCheckpoints, ReplaceWhatAnInterruptedSavingLeft) {
    const fs::path unfinished = folder.string() + ".unfinished";
    fs::create_directories(unfinished);
    std::ofstream{unfinished / "rubbish"} << "of an earlier attempt";
    save_checkpoint(folder, some_checkpoint());
    EXPECT_FALSE(fs::exists(unfinished));
    EXPECT_FALSE(fs::exists(folder / "rubbish"));
}

TEST_F(NativeCheckpoints, ReplaceOneThatNobodyHasHeardOf) {
    save_checkpoint(folder, some_checkpoint());
    NativeCheckpoint other = some_checkpoint();
    other.iteration = 4;
    save_checkpoint(folder, other);
    EXPECT_EQ(load_checkpoint(folder).iteration, 4);
}

TEST_F(NativeCheckpoints, ThatCannotBeWrittenAreErrorsAndLeaveNone) {
    std::ofstream{root.path() / "checkpoints"} << "a file where the folder should be";
    EXPECT_THROW(save_checkpoint(folder, some_checkpoint()), OutputError);
    EXPECT_FALSE(fs::exists(folder));
}

TEST_F(NativeCheckpoints, ThatWereTamperedWithAreRefused) {
    EXPECT_THROW(static_cast<void>(load_checkpoint(folder)), InputError);
    save_checkpoint(folder, some_checkpoint());
    std::ofstream{folder / "hpogrid_metadata.json"} << R"({"iteration": "three"})";
    EXPECT_THROW(static_cast<void>(load_checkpoint(folder)), InputError);
}

}  // namespace
}  // namespace hpogrid::trials::test
