#include "kernels/trainer/batch_trainer.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <stdexcept>

#include "test_backend.hpp"
#include "training_table.hpp"

namespace hpogrid::kernels {
namespace {

constexpr int rows = 500;
constexpr int validation_rows = 100;

BatchTrainer make_trainer(const Table& table, BatchTrainer::Options options = {4, 64}) {
    return {make_test_backend(2), table, single_split(table.rows(), validation_rows), options};
}

TrialSettings quick_settings() {
    TrialSettings settings;
    settings.hidden = {20, 12};
    settings.slot.learning_rate = 0.01F;
    settings.slot.batch_size = 50;
    return settings;
}

SlotProgress progress(BatchTrainer::Trial trial) {
    return trial.bucket->row(trial.slot).progress;
}

TEST(BatchTrainer, LearnsToTellSignalFromBackground) {
    BatchTrainer trainer = make_trainer(training_table(rows, 10));
    const auto trial = trainer.start(quick_settings());
    const SlotMetrics before = trainer.validate(*trial);
    trainer.grant_epochs(*trial, 20);
    trainer.train();
    const SlotMetrics after = trainer.validate(*trial);
    EXPECT_LT(after.loss, before.loss / 2);
    EXPECT_GT(after.accuracy, 0.9);
    EXPECT_GT(after.auc, 0.95);
}

TEST(BatchTrainer, LearnsToTellManyClassesApart) {
    BatchTrainer trainer = make_trainer(training_table(rows, 10, 5));
    TrialSettings settings = quick_settings();
    settings.slot.loss = Loss::cross_entropy;
    const auto trial = trainer.start(settings);
    trainer.grant_epochs(*trial, 30);
    trainer.train();
    EXPECT_GT(trainer.validate(*trial).accuracy, 0.7);
}

TEST(BatchTrainer, KeepsPaddedUnitsExactlyAtZero) {
    BatchTrainer trainer = make_trainer(training_table(rows, 10));
    for (int i = 0; i < activation_count; ++i) {
        for (int j = 0; j < optimizer_count; ++j) {
            TrialSettings settings = quick_settings();
            settings.hidden = {19, 33, 5};
            settings.normalization = static_cast<Normalization>(i % 3);
            settings.slot.activation = static_cast<Activation>(i);
            settings.slot.optimizer = static_cast<Optimizer>(j);
            settings.slot.weight_decay = 0.01F;
            settings.slot.dropout = 0.3F;
            const auto trial = trainer.start(settings);
            trainer.grant_epochs(*trial, 2);
            trainer.train();
            const SlotState state = trial->bucket->save(trial->slot);
            const auto without_padding = unpack(state.shape, state.row.settings.units, state.parameters);
            EXPECT_EQ(pack(state.shape, state.row.settings.units, without_padding), state.parameters);
            trainer.stop(*trial);
        }
    }
}

TEST(BatchTrainer, CountsStepsAndEpochsForAnyBatchSize) {
    BatchTrainer trainer = make_trainer(training_table(rows, 10));
    for (const int batch_size : {1, 7, 64, 100, 150, 399, 400, 1000}) {
        TrialSettings settings = quick_settings();
        settings.slot.batch_size = batch_size;
        const auto trial = trainer.start(settings);
        trainer.grant_epochs(*trial, 2);
        trainer.train();
        EXPECT_EQ(progress(*trial).epoch, 2);
        EXPECT_EQ(progress(*trial).step, 2 * ((400 + batch_size - 1) / batch_size));
        EXPECT_EQ(progress(*trial).position, 0);
        trainer.stop(*trial);
    }
}

TEST(BatchTrainer, EndsTheEpochThatItIsIn) {
    BatchTrainer trainer = make_trainer(training_table(rows, 10));
    const auto trial = trainer.start(quick_settings());
    trainer.grant_steps(*trial, 3);
    trainer.train();
    EXPECT_EQ(progress(*trial).position, 150);
    trainer.grant_epochs(*trial, 1);
    trainer.train();
    EXPECT_EQ(progress(*trial).epoch, 1);
    EXPECT_EQ(progress(*trial).step, 8);
}

TEST(BatchTrainer, GivesNearlyTheSameInMicroBatchesOfAnySize) {
    const Table table = training_table(rows, 10);
    std::vector<double> losses;
    for (const int micro_batch : {16, 50, 1000}) {
        BatchTrainer trainer = make_trainer(table, {2, micro_batch});
        TrialSettings settings = quick_settings();
        settings.slot.dropout = 0.2F;
        settings.slot.batch_size = 100;
        const auto trial = trainer.start(settings);
        trainer.grant_epochs(*trial, 3);
        trainer.train();
        losses.push_back(trainer.validate(*trial).loss);
    }
    EXPECT_NEAR(losses[0] / losses[1], 1, 1e-4);
    EXPECT_NEAR(losses[0] / losses[2], 1, 1e-4);
}

TEST(BatchTrainer, SaysWhenAllSlotsAreTaken) {
    BatchTrainer trainer = make_trainer(training_table(rows, 10), {2, 64});
    const auto first = trainer.start(quick_settings());
    EXPECT_TRUE(trainer.start(quick_settings()));
    EXPECT_FALSE(trainer.start(quick_settings()));
    TrialSettings deeper = quick_settings();
    deeper.hidden = {20, 20, 20};
    EXPECT_TRUE(trainer.start(deeper));
    trainer.stop(*first);
    EXPECT_TRUE(trainer.start(quick_settings()));
}

TEST(BatchTrainer, CopiesWeightsAndMomentsToAnotherSlotThatKeepsItsSettings) {
    BatchTrainer trainer = make_trainer(training_table(rows, 10));
    const auto good = trainer.start(quick_settings());
    TrialSettings other = quick_settings();
    other.slot.key.trial = 1;
    other.slot.learning_rate = 0.5F;
    const auto bad = trainer.start(other);
    trainer.grant_epochs(*good, 3);
    trainer.grant_epochs(*bad, 1);
    trainer.train();
    good->bucket->copy_weights(good->slot, bad->slot);
    EXPECT_EQ(trainer.validate(*bad).loss, trainer.validate(*good).loss);
    const SlotState copied = bad->bucket->save(bad->slot);
    EXPECT_EQ(copied.first_moments, good->bucket->save(good->slot).first_moments);
    EXPECT_EQ(copied.second_moments, good->bucket->save(good->slot).second_moments);
    EXPECT_EQ(copied.row.settings.learning_rate, 0.5F);
    EXPECT_EQ(copied.row.progress.epoch, 1);
}

TEST(BatchTrainer, RefusesToCopyWeightsBetweenNetworksOfOtherUnits) {
    BatchTrainer trainer = make_trainer(training_table(rows, 10));
    const auto first = trainer.start(quick_settings());
    TrialSettings other = quick_settings();
    other.hidden = {20, 13};
    const auto second = trainer.start(other);
    EXPECT_THROW(first->bucket->copy_weights(first->slot, second->slot), std::invalid_argument);
}

SlotState state_after_epochs(BatchTrainer& trainer, const TrialSettings& settings, int epochs) {
    const auto trial = trainer.start(settings);
    trainer.grant_epochs(*trial, epochs);
    trainer.train();
    SlotState state = trial->bucket->save(trial->slot);
    trainer.stop(*trial);
    return state;
}

TEST(BatchTrainer, LetsAnotherTrialGoOnFromACheckpointWithSettingsOfItsOwn) {
    BatchTrainer trainer = make_trainer(training_table(rows, 10));
    const SlotState state = state_after_epochs(trainer, quick_settings(), 2);
    const auto same = trainer.resume(state);
    TrialSettings settings = quick_settings();
    settings.slot.key.trial = 1;
    settings.slot.learning_rate = 1e-30F;
    settings.slot.batch_size = 30;
    const auto other = trainer.resume(state, settings);
    const double before = trainer.validate(*same).loss;
    EXPECT_EQ(trainer.validate(*other).loss, before);
    for (const auto& trial : {same, other}) {
        trainer.grant_epochs(*trial, 1);
    }
    trainer.train();
    EXPECT_NE(trainer.validate(*same).loss, before);
    EXPECT_EQ(trainer.validate(*other).loss, before);
    EXPECT_EQ(progress(*other).epoch, 3);
    EXPECT_EQ(progress(*other).step, 2 * 8 + 14);
    EXPECT_EQ(other->bucket->row(other->slot).settings.key, (TrialKey{0, 1}));
}

TEST(BatchTrainer, RefusesToGoOnFromACheckpointOfAnotherNetworkOrFold) {
    const Table table = training_table(rows, 10);
    BatchTrainer trainer{make_test_backend(2), table, k_folds(table.rows(), 2), {4, 64}};
    const SlotState state = state_after_epochs(trainer, quick_settings(), 1);
    const auto refuses = [&](auto change) {
        TrialSettings settings = quick_settings();
        change(settings);
        try {
            static_cast<void>(trainer.resume(state, settings));
        } catch (const std::invalid_argument&) {
            return true;
        }
        return false;
    };
    EXPECT_TRUE(refuses([](TrialSettings& s) { s.hidden = {20, 13}; }));
    EXPECT_TRUE(refuses([](TrialSettings& s) { s.hidden = {20, 12, 12}; }));
    EXPECT_TRUE(refuses([](TrialSettings& s) { s.normalization = Normalization::layer; }));
    EXPECT_TRUE(refuses([](TrialSettings& s) { s.slot.fold = 1; }));
    EXPECT_TRUE(refuses([](TrialSettings& s) { s.slot.dropout = 2; }));
    EXPECT_FALSE(refuses([](TrialSettings& s) { s.slot.dropout = 0.5; }));
}

TEST(BatchTrainer, ChangesSettingsOfARunningTrial) {
    BatchTrainer trainer = make_trainer(training_table(rows, 10));
    const auto trial = trainer.start(quick_settings());
    trainer.grant_epochs(*trial, 1);
    trainer.train();
    SlotSettings settings = trial->bucket->row(trial->slot).settings;
    settings.learning_rate = 1e-30F;
    settings.batch_size = 400;
    trial->bucket->change(trial->slot, settings);
    const double before = trainer.validate(*trial).loss;
    trainer.grant_epochs(*trial, 1);
    trainer.train();
    EXPECT_EQ(progress(*trial).step, 9);
    EXPECT_EQ(trainer.validate(*trial).loss, before);
}

TEST(BatchTrainer, RefusesSettingsThatAreNotAllowed) {
    BatchTrainer trainer = make_trainer(training_table(rows, 10));
    const auto refused = [&](auto change) {
        TrialSettings settings = quick_settings();
        change(settings);
        try {
            static_cast<void>(trainer.start(settings));
        } catch (const std::invalid_argument& error) {
            return std::string{error.what()};
        }
        return std::string{};
    };
    EXPECT_EQ(refused([](TrialSettings& s) { s.slot.learning_rate = -1; }),
              "the learning rate is -1, allowed: more than 0");
    EXPECT_NE(refused([](TrialSettings& s) { s.slot.learning_rate = NAN; }), "");
    EXPECT_NE(refused([](TrialSettings& s) { s.hidden = {0}; }), "");
    EXPECT_NE(refused([](TrialSettings& s) { s.hidden = {2000}; }), "");
    EXPECT_NE(refused([](TrialSettings& s) { s.hidden.assign(9, 10); }), "");
    EXPECT_NE(refused([](TrialSettings& s) { s.slot.dropout = 1; }), "");
    EXPECT_NE(refused([](TrialSettings& s) { s.slot.batch_size = 0; }), "");
    EXPECT_NE(refused([](TrialSettings& s) { s.slot.fold = 1; }), "");
    EXPECT_NE(refused([](TrialSettings& s) { s.slot.loss = Loss::cross_entropy; }), "");
    EXPECT_EQ(refused([](TrialSettings&) {}), "");
}

TEST(Backend, OfCudaRefusesADeviceThatIsNotThere) {
    EXPECT_THROW(static_cast<void>(make_cuda_backend(cuda_device_count())), std::runtime_error);
}

}  // namespace
}  // namespace hpogrid::kernels
