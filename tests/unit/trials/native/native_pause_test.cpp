// Native trials that wait, pause, move and go on.
#include "engine/trials/native/recent_checkpoints.hpp"
#include "tests/unit/trials/native/native_fixture.hpp"

#include <fmt/format.h>
#include <gmock/gmock.h>

#include <algorithm>
#include <fstream>
#include <limits>
#include <memory>
#include <utility>

namespace hpogrid::trials::test {
namespace {

namespace fs = std::filesystem;
using study::Outcome;
using ::testing::HasSubstr;

class NativePauses : public NativeEvaluation {
  protected:
    /// A trial whose network changes in each epoch, whatever it is given.
    [[nodiscard]] static json restless(int epochs) {
        return {{"epochs", epochs}, {"dropout", 0.3}, {"batch_size", 32}, {"lr", 0.01}, {"optimizer", "adam"}};
    }
    [[nodiscard]] static json changed(json configuration, const char* key, const json& value) {
        configuration[key] = value;
        return configuration;
    }
    [[nodiscard]] TrialOrder waiting_order(std::uint32_t trial, const json& configuration, double milestone) const {
        TrialOrder waiting = order_for(trial, configuration);
        waiting.milestone = milestone;
        return waiting;
    }
    [[nodiscard]] fs::path saved_folder(std::size_t index) const {
        return surroundings.checkpoints_folder / folder_name(driver->saved.at(index).checkpoint);
    }
    /// Runs a trial up to its milestone, and stops it there; answers its checkpoint.
    fs::path pause(std::uint32_t trial, const json& configuration, int milestone) {
        restart(1);
        driver->evaluator().start(waiting_order(trial, configuration, milestone));
        driver->run_until_reported(static_cast<std::size_t>(milestone));
        driver->evaluator().stop(TrialId{trial}, 1, StopCause::stopped);
        driver->run_until_ended(1);
        return saved_folder(0);
    }
    Driver& go_on(std::uint32_t trial, const json& configuration, const fs::path& checkpoint) {
        TrialOrder next = order_for(trial, configuration, 2);
        next.checkpoint = checkpoint;
        restart(2);
        driver->evaluator().start(next);
        driver->run_until_ended(1);
        return *driver;
    }
    /// What a trial that nobody disturbs reports.
    [[nodiscard]] std::vector<double> undisturbed(std::uint32_t trial, const json& configuration) {
        restart(1);
        driver->evaluator().start(order_for(trial, configuration));
        driver->run_until_ended(1);
        return losses().at(trial);
    }
};

TEST_F(NativePauses, WaitAtTheirMilestoneWithACheckpointAndGoOnWhenToldTo) {
    restart();
    driver->evaluator().start(waiting_order(0, restless(5), 2));
    driver->run_until_reported(2);
    driver->run_for(std::chrono::milliseconds{100});
    EXPECT_EQ(driver->reported.size(), 2U);
    ASSERT_EQ(driver->saved.size(), 1U);
    EXPECT_EQ(driver->saved[0].checkpoint.iteration, 2);
    EXPECT_TRUE(fs::exists(saved_folder(0) / "slot_state.bin"));
    driver->evaluator().proceed(TrialId{0}, 1, 4);
    driver->run_until_reported(4);
    driver->run_for(std::chrono::milliseconds{100});
    EXPECT_EQ(driver->reported.size(), 4U);
    EXPECT_EQ(driver->saved.at(1).checkpoint.number, 2U);
    driver->evaluator().proceed(TrialId{0}, 1, std::numeric_limits<double>::infinity());
    driver->run_until_ended(1);
    EXPECT_EQ(driver->ended[0].outcome, Outcome::completed);
    EXPECT_EQ(driver->reported.size(), 5U);
}

TEST_F(NativePauses, LeaveOthersTheirTime) {
    restart(2);
    driver->evaluator().start(waiting_order(0, restless(5), 1));
    driver->evaluator().start(order_for(1, restless(20)));
    driver->run_until_ended(1);
    EXPECT_EQ(driver->ended[0].trial, TrialId{1});
    EXPECT_EQ(losses().at(0).size(), 1U);
}

TEST_F(NativePauses, ChangeNoBitOfWhatATrialReports) {
    const std::vector<double> expected = undisturbed(5, restless(6));
    for (const int milestone : {1, 3, 5}) {
        const fs::path checkpoint = pause(5, restless(6), milestone);
        std::vector<double> reported = losses().at(5);
        const AttemptReported before = driver->reported.back();
        go_on(5, restless(6), checkpoint);
        const auto after = losses().at(5);
        reported.insert(reported.end(), after.begin(), after.end());
        EXPECT_EQ(reported, expected) << "paused after epoch " << milestone;
        EXPECT_EQ(driver->reported[0].report.iteration, milestone + 1);
        EXPECT_GT(metric(driver->reported[0], "time_total_s"), metric(before, "time_total_s"));
        EXPECT_LT(metric(driver->reported[0], "time_total_s"), 30);
    }
}

TEST_F(NativePauses, LetATrialGoOnWithWeightsOfAnotherAndHyperparametersOfItsOwn) {
    const fs::path checkpoint = pause(5, restless(6), 3);
    const double reached = losses().at(5).back();
    go_on(8, changed(restless(6), "lr", 1e-30), checkpoint);
    EXPECT_EQ(losses().at(8), (std::vector{reached, reached, reached})) << "a rate so small changes no weight";
    go_on(8, restless(6), checkpoint);
    const auto other = losses().at(8);
    go_on(5, restless(6), checkpoint);
    EXPECT_NE(losses().at(5), other) << "shuffled in an order of its own";
}

TEST_F(NativePauses, FailWithACheckpointOfAnotherNetworkOrADamagedOne) {
    const fs::path checkpoint = pause(5, restless(6), 3);
    go_on(8, changed(restless(6), "hidden", 17), checkpoint);
    EXPECT_EQ(driver->ended[0].outcome, Outcome::failed);
    EXPECT_THAT(driver->ended[0].error, HasSubstr(checkpoint.string()));
    EXPECT_THAT(driver->ended[0].error, HasSubstr("units"));
    std::ofstream{checkpoint / "slot_state.bin", std::ios::app} << "x";
    go_on(5, restless(6), checkpoint);
    EXPECT_EQ(driver->ended[0].outcome, Outcome::failed);
    EXPECT_THAT(driver->ended[0].error, HasSubstr("damaged"));
}

TEST_F(NativePauses, EndInOrderWhereNothingIsLeftToTrain) {
    const fs::path checkpoint = pause(5, restless(6), 3);
    go_on(5, restless(3), checkpoint);
    EXPECT_EQ(driver->ended[0].outcome, Outcome::completed) << driver->ended[0].error;
    EXPECT_TRUE(driver->reported.empty());
}

TEST_F(NativePauses, EndWithACheckpointWhenTheStudyLeaves) {
    start({restless(1'000'000)}).run_until_reported(2);
    driver->evaluator().leave(TrialId{0}, 1);
    driver->run_until_ended(1);
    EXPECT_EQ(driver->ended[0].outcome, Outcome::cancelled);
    ASSERT_EQ(driver->saved.size(), 1U);
    EXPECT_EQ(driver->saved[0].checkpoint.iteration, driver->reported.back().report.iteration);
}

TEST_F(NativePauses, EndAtOnceWhenTheStudyLeavesWhileTheyWait) {
    restart();
    driver->evaluator().start(waiting_order(0, restless(5), 2));
    driver->run_until_reported(2);
    driver->evaluator().leave(TrialId{0}, 1);
    driver->run_until_ended(1);
    EXPECT_EQ(driver->ended[0].outcome, Outcome::cancelled);
    EXPECT_EQ(driver->reported.size(), 2U);
    EXPECT_EQ(driver->saved.size(), 1U);
}

TEST_F(NativePauses, SaveCheckpointsFromTimeToTime) {
    surroundings.checkpoint_interval = std::chrono::duration<double>{0};
    start({restless(4)}).run_until_ended(1);
    EXPECT_EQ(driver->saved.size(), 3U) << "with each report but the last";
}

TEST_F(NativePauses, FailATrialThatCannotBeSaved) {
    std::ofstream{surroundings.checkpoints_folder} << "a file where the folder should be";
    restart();
    driver->evaluator().start(waiting_order(0, restless(5), 2));
    driver->run_until_ended(1);
    EXPECT_EQ(driver->ended[0].outcome, Outcome::failed);
    EXPECT_THAT(driver->ended[0].error, HasSubstr(surroundings.checkpoints_folder.string()));
}

class NativeCheckpointsInMemory : public NativePauses {
  protected:
    NativeCheckpointsInMemory() { surroundings.recent_checkpoints = std::make_shared<RecentCheckpoints>(); }
};

TEST_F(NativeCheckpointsInMemory, ChangeNoBitOfWhatATrialReportsAndNeedNoFile) {
    const std::vector<double> expected = undisturbed(5, restless(6));
    const fs::path checkpoint = pause(5, restless(6), 3);
    std::vector<double> reported = losses().at(5);
    fs::remove_all(checkpoint);
    go_on(5, restless(6), checkpoint);
    const auto after = losses()[5];
    reported.insert(reported.end(), after.begin(), after.end());
    EXPECT_EQ(reported, expected);
}

TEST_F(NativeCheckpointsInMemory, GiveAnotherTrialTheWeightsThatTheFileGives) {
    const json configuration = changed(restless(6), "lr", 0.003);
    const fs::path checkpoint = pause(5, restless(6), 3);
    const auto in_memory = std::exchange(surroundings.recent_checkpoints, nullptr);
    go_on(8, configuration, checkpoint);
    const std::vector<double> from_file = losses().at(8);
    surroundings.recent_checkpoints = in_memory;
    std::ofstream{checkpoint / "slot_state.bin"} << "other weights";
    go_on(8, configuration, checkpoint);
    EXPECT_EQ(losses()[8], from_file);
}

TEST_F(NativeCheckpointsInMemory, GiveWayToFilesWhenTheyAreForgotten) {
    const fs::path checkpoint = pause(5, restless(6), 3);
    surroundings.recent_checkpoints = std::make_shared<RecentCheckpoints>();
    go_on(5, restless(6), checkpoint);
    EXPECT_EQ(losses()[5].size(), 3U);
}

class ModelsOfPausedTrials : public NativePauses {
  protected:
    [[nodiscard]] fs::path model_file(std::uint32_t trial) const {
        return surroundings.trials_folder / fmt::format("{:06}", trial) / "model.h5";
    }
    /// Learns with a small rate, and is spoilt by a large one.
    [[nodiscard]] static json at_rate(int epochs, double rate) {
        return {{"epochs", epochs}, {"optimizer", "sgd"}, {"momentum", 0}, {"lr", rate}};
    }
};

TEST_F(ModelsOfPausedTrials, AreThoseOfTheBestEpochBeforeOrAfterThePause) {
    const fs::path checkpoint = pause(5, at_rate(4, 0.1), 2);
    const std::string before = read_text(model_file(5));
    ASSERT_FALSE(before.empty());
    const double reached = losses().at(5).back();
    go_on(5, at_rate(4, 1e4), checkpoint);
    EXPECT_GT(std::ranges::min(losses().at(5)), reached);
    EXPECT_TRUE(read_text(model_file(5)) == before) << "what came after the pause was worse";
    go_on(5, at_rate(4, 0.1), checkpoint);
    EXPECT_FALSE(read_text(model_file(5)) == before) << "what came after the pause was better";
}

TEST_F(ModelsOfPausedTrials, AreWrittenAnewIfOneOfTheirFilesIsGone) {
    const fs::path checkpoint = pause(5, at_rate(4, 0.1), 2);
    const fs::path onnx = model_file(5).replace_filename("model.onnx");
    const bool has_onnx = fs::exists(onnx);
    const std::string before = has_onnx ? read_text(onnx) : "";
    fs::remove(model_file(5));
    go_on(5, at_rate(4, 1e4), checkpoint);
    EXPECT_TRUE(fs::exists(model_file(5)));
    EXPECT_TRUE(!has_onnx || read_text(onnx) != before) << "one file would be of another epoch than the other";
}

TEST_F(ModelsOfPausedTrials, BeginAnewWithTheWeightsOfAnother) {
    pause(8, at_rate(4, 0.1), 2);
    const std::string before = read_text(model_file(8));
    const fs::path checkpoint = pause(5, at_rate(4, 0.1), 2);
    go_on(8, at_rate(4, 1e4), checkpoint);
    EXPECT_FALSE(read_text(model_file(8)) == before)
        << "what it had reached, it had reached with weights that are gone";
}

}  // namespace
}  // namespace hpogrid::trials::test
