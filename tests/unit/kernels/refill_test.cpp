// Slots that are refilled as trials stop, against a gang of slots that trains until its last trial has ended.
#include <gtest/gtest.h>

#include <algorithm>
#include <vector>

#include "test_backend.hpp"
#include "tests/support/halving_bracket.hpp"
#include "training_table.hpp"

namespace hpogrid::kernels {
namespace {

BatchTrainer new_trainer(const Table& table) {
    return {make_test_backend(1), table, single_split(table.rows(), 100), {bracket::slots, 64}};
}

TEST(RefilledSlots, FinishABracketInLessThanHalfTheSlotTimeOfAStaticGang) {
    const Table table = training_table(400, 6);
    BatchTrainer refilled_trainer = new_trainer(table);
    BatchTrainer gang_trainer = new_trainer(table);
    const bracket::Outcome refilled = bracket::with_refilled_slots(refilled_trainer);
    const bracket::Outcome gang = bracket::with_static_gangs(gang_trainer);
    EXPECT_LT(2 * refilled.slot_epochs, gang.slot_epochs);
    // What it saves is not paid for with a much worse network.
    EXPECT_LT(refilled.best_loss, 1.05 * gang.best_loss);
}

TEST(RefilledSlots, TrainTheSurvivorAsIfItHadBeenAlone) {
    const Table table = training_table(400, 6);
    BatchTrainer bracket_trainer = new_trainer(table);
    const double best = bracket::with_refilled_slots(bracket_trainer).best_loss;
    std::vector<double> alone;
    for (std::uint32_t i = 0; i < bracket::trials; ++i) {
        BatchTrainer trainer = new_trainer(table);
        const auto trial = trainer.start(bracket::settings(i)).value();
        trainer.grant_epochs(trial, bracket::last_epoch);
        trainer.train();
        alone.push_back(trainer.validate(trial).loss);
    }
    EXPECT_EQ(std::ranges::count(alone, best), 1);
}

}  // namespace
}  // namespace hpogrid::kernels
