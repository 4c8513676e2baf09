// A trial's result does not depend on its company: bit for bit the same alone, among others, and after a refill.
#include <gtest/gtest.h>

#include "kernels/trainer/batch_trainer.hpp"
#include "test_backend.hpp"
#include "training_table.hpp"

namespace hpogrid::kernels {
namespace {

constexpr int epochs = 3;

/// All that a trial comes to.
struct Outcome {
    std::vector<float> parameters;
    std::vector<double> losses;

    friend bool operator==(const Outcome&, const Outcome&) = default;
};

/// Trials that differ in everything that a slot has of its own. Every seventh is of the same shape.
TrialSettings settings(std::uint32_t trial) {
    TrialSettings result;
    result.hidden.assign(1 + trial % 3, 10 + static_cast<int>(trial % 7) * 4);
    result.normalization = static_cast<Normalization>(trial % 4 % 3);
    SlotSettings& slot = result.slot;
    slot.key = {42, trial};
    slot.activation = static_cast<Activation>(trial % activation_count);
    slot.optimizer = static_cast<Optimizer>(trial % optimizer_count);
    slot.learning_rate = 0.002F * static_cast<float>(1 + trial % 4);
    slot.dropout = 0.1F * static_cast<float>(trial % 3);
    slot.weight_decay = 0.001F * static_cast<float>(trial % 2);
    slot.batch_size = 20 + 17 * static_cast<int>(trial % 5);
    slot.fold = static_cast<int>(trial % 2);
    return result;
}

class Company : public testing::TestWithParam<int> {
  protected:
    /// \param threads 1 or as the test's parameter says
    [[nodiscard]] BatchTrainer trainer(int threads) const {
        return {make_test_backend(threads), table_, k_folds(table_.rows(), 2), {8, 32}};
    }
    static void train(BatchTrainer& trainer, BatchTrainer::Trial trial, Outcome& outcome) {
        trainer.grant_epochs(trial, 1);
        trainer.train();
        outcome.losses.push_back(trainer.take_training_loss(trial));
        outcome.losses.push_back(trainer.validate(trial).loss);
        outcome.parameters = trial.bucket->save(trial.slot).parameters;
    }
    /// The trial in a trainer of its own, on one thread.
    [[nodiscard]] Outcome alone(const TrialSettings& trial_settings) const {
        BatchTrainer own = trainer(1);
        const auto trial = own.start(trial_settings);
        Outcome outcome;
        for (int epoch = 0; epoch < epochs; ++epoch) {
            train(own, *trial, outcome);
        }
        return outcome;
    }

    Table table_ = training_table(301, 13);
};

TEST_P(Company, OfOthersChangesNoBit) {
    BatchTrainer shared = trainer(GetParam());
    std::vector<BatchTrainer::Trial> trials;
    std::vector<Outcome> outcomes(24);
    for (std::uint32_t i = 0; i < outcomes.size(); ++i) {
        trials.push_back(*shared.start(settings(i)));
    }
    for (int epoch = 0; epoch < epochs; ++epoch) {
        for (const auto& trial : trials) {
            shared.grant_epochs(trial, 1);
        }
        shared.train();
        const auto metrics = shared.validate(trials);
        for (std::size_t i = 0; i < trials.size(); ++i) {
            outcomes[i].losses.push_back(shared.take_training_loss(trials[i]));
            outcomes[i].losses.push_back(metrics[i].loss);
            outcomes[i].parameters = trials[i].bucket->save(trials[i].slot).parameters;
        }
    }
    for (std::uint32_t i = 0; i < outcomes.size(); ++i) {
        EXPECT_EQ(outcomes[i], alone(settings(i))) << "trial " << i;
    }
}

TEST_P(Company, OfATrialThatWasInTheSlotBeforeChangesNoBit) {
    BatchTrainer shared = trainer(GetParam());
    for (std::uint32_t i = 0; i < 42; ++i) {
        const auto trial = shared.start(settings(i));
        shared.grant_steps(*trial, 3);  // stopped in the middle of an epoch
        shared.train();
        const int slot = trial->slot;
        shared.stop(*trial);

        TrialSettings next = settings(i);
        next.slot.key.trial += 1000;
        const auto refilled = shared.start(next);
        ASSERT_EQ(refilled->slot, slot);
        Outcome outcome;
        for (int epoch = 0; epoch < epochs; ++epoch) {
            train(shared, *refilled, outcome);
        }
        shared.stop(*refilled);
        EXPECT_EQ(outcome, alone(next)) << "trial " << i;
    }
}

TEST_P(Company, OfADivergedTrialChangesNoBit) {
    BatchTrainer shared = trainer(GetParam());
    TrialSettings wild = settings(0);
    wild.slot.optimizer = Optimizer::sgd;
    wild.slot.learning_rate = 1e30F;
    wild.normalization = settings(8).normalization;
    wild.hidden = settings(8).hidden;
    const auto diverged = shared.start(wild);
    const auto trial = shared.start(settings(8));
    Outcome outcome;
    for (int epoch = 0; epoch < epochs; ++epoch) {
        shared.grant_epochs(*diverged, 1);
        train(shared, *trial, outcome);
    }
    EXPECT_FALSE(std::isfinite(shared.validate(*diverged).loss));
    EXPECT_EQ(outcome, alone(settings(8)));
}

TEST_P(Company, AfterACheckpointIsContinuedChangesNoBit) {
    for (std::uint32_t i = 0; i < 14; ++i) {
        Outcome outcome;
        BatchTrainer first = trainer(GetParam());
        const auto before = first.start(settings(i));
        train(first, *before, outcome);
        const auto bytes = to_bytes(before->bucket->save(before->slot));

        BatchTrainer second = trainer(GetParam());
        static_cast<void>(second.start(settings(i)));  // takes the slot that it was in
        const auto after = second.resume(slot_state_from_bytes(bytes));
        ASSERT_NE(after->slot, before->slot);
        for (int epoch = 1; epoch < epochs; ++epoch) {
            train(second, *after, outcome);
        }
        EXPECT_EQ(outcome, alone(settings(i))) << "trial " << i;
    }
}

INSTANTIATE_TEST_SUITE_P(Threads, Company, testing::Values(1, 3));

}  // namespace
}  // namespace hpogrid::kernels
