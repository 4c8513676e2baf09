// A trial on several devices in step: the result of one device, up to the rounding of sums.
#include "kernels/trainer/lockstep.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <stdexcept>
#include <utility>

#include "kernels/trainer/batch_trainer.hpp"
#include "test_backend.hpp"
#include "training_table.hpp"

namespace hpogrid::kernels {
namespace {

constexpr int micro_batch = 32;

/// All that a trial comes to.
struct Outcome {
    std::vector<float> parameters;
    std::vector<double> losses;

    friend bool operator==(const Outcome&, const Outcome&) = default;
};

/// Of batches of 32 + 32 + 32 + 1 rows, unless it ends an epoch.
TrialSettings settings(Normalization normalization = Normalization::none, int batch_size = 97) {
    TrialSettings result;
    result.hidden = {24, 20, 11};
    result.normalization = normalization;
    result.slot.key = {42, 7};
    result.slot.activation = Activation::silu;
    result.slot.learning_rate = 0.002F;
    // Biases before batch normalisation have no gradient but rounding errors, of which Adam would make whole steps.
    result.slot.epsilon = 1e-3F;
    result.slot.dropout = 0.2F;
    result.slot.weight_decay = 0.001F;
    result.slot.batch_size = batch_size;
    return result;
}

class Lockstep : public testing::TestWithParam<int> {
  protected:
    /// \param replicas how many; by default as many as the test's parameter says
    [[nodiscard]] BatchTrainer trainer(int replicas = GetParam()) const {
        return {make_test_backends(replicas), table_, single_split(table_.rows(), 101), {8, micro_batch}};
    }
    static void train(BatchTrainer& trainer, BatchTrainer::Trial trial, int epochs, Outcome& outcome) {
        for (int epoch = 0; epoch < epochs; ++epoch) {
            trainer.grant_epochs(trial, 1);
            trainer.train();
            outcome.losses.push_back(trainer.take_training_loss(trial));
            outcome.losses.push_back(trainer.validate(trial).loss);
        }
        outcome.parameters = trial.bucket->save(trial.slot).parameters;
    }
    [[nodiscard]] Outcome outcome(const TrialSettings& trial_settings, int epochs, int replicas = GetParam()) const {
        BatchTrainer own = trainer(replicas);
        const auto trial = own.start(trial_settings);
        Outcome result;
        train(own, *trial, epochs, result);
        return result;
    }
    static void expect_nearly_equal(const Outcome& a, const Outcome& b) {
        ASSERT_EQ(a.losses.size(), b.losses.size());
        for (std::size_t i = 0; i < a.losses.size(); ++i) {
            EXPECT_NEAR(a.losses[i] / b.losses[i], 1, 1e-5);
        }
        double distance = 0;
        double length = 0;
        for (std::size_t i = 0; i < a.parameters.size(); ++i) {
            distance += std::pow(double{a.parameters[i]} - double{b.parameters[i]}, 2);
            length += std::pow(double{b.parameters[i]}, 2);
        }
        EXPECT_LT(std::sqrt(distance / length), 1e-5);
    }

    Table table_ = training_table(1101, 13);
};

TEST_P(Lockstep, GivesNearlyWhatOneDeviceGivesAfterManySteps) {
    for (int i = 0; i < 3; ++i) {
        for (int optimizer = 0; optimizer < optimizer_count; ++optimizer) {
            SCOPED_TRACE(testing::Message() << "normalisation " << i << ", optimiser " << optimizer);
            TrialSettings trial = settings(static_cast<Normalization>(i));
            trial.slot.optimizer = static_cast<Optimizer>(optimizer);
            expect_nearly_equal(outcome(trial, 10), outcome(trial, 10, 1));
        }
    }
}

TEST_P(Lockstep, GivesBitForBitTheSameEachTime) {
    const TrialSettings trial = settings(Normalization::batch);
    EXPECT_EQ(outcome(trial, 3), outcome(trial, 3));
}

TEST_P(Lockstep, GivesWhatOneDeviceGivesWhereOneReplicaHasAllRows) {
    // A micro-batch is normalised as a whole, so it is not shared.
    const TrialSettings trial = settings(Normalization::batch, micro_batch);
    EXPECT_EQ(outcome(trial, 3), outcome(trial, 3, 1));
}

TEST_P(Lockstep, KeepsAllReplicasTheSameBitForBit) {
    for (const auto normalization : {Normalization::none, Normalization::layer, Normalization::batch}) {
        BatchTrainer shared = trainer();
        const auto trial = shared.start(settings(normalization));
        shared.grant_epochs(*trial, 3);
        shared.train();
        const auto replicas = trial->bucket->replicas();
        ASSERT_EQ(replicas.size(), static_cast<std::size_t>(GetParam()));
        for (const auto array :
             {&BucketArrays::parameters, &BucketArrays::first_moments, &BucketArrays::second_moments}) {
            const auto values_of = [&](const Replica& replica) {
                const DeviceArray<float>& values = replica.arrays.*array;
                return values.read(0, values.span().size());
            };
            const auto first = values_of(*replicas.front());
            EXPECT_NE(first, std::vector<float>(first.size()));
            for (const auto& replica : replicas) {
                EXPECT_EQ(values_of(*replica), first);
            }
        }
    }
}

TEST_P(Lockstep, SharesTheRowsThatValidateAndScoresThemBitForBitAsOneDevice) {
    for (const auto normalization : {Normalization::none, Normalization::layer, Normalization::batch}) {
        BatchTrainer shared = trainer();
        const auto trial = shared.start(settings(normalization));
        shared.grant_epochs(*trial, 2);
        shared.train();
        const SlotState state = trial->bucket->save(trial->slot);
        BatchTrainer one = trainer(1);
        const auto alone = one.resume(state);
        EXPECT_EQ(shared.validate(*trial), one.validate(*alone));

        // Four micro-batches of 32 + 32 + 32 + 5 rows.
        int rows = 0;
        for (const auto& replica : trial->bucket->replicas()) {
            const RowRange share = validation_rows(*replica, shared.data().folds().front());
            EXPECT_GT(share.end, share.begin);
            const SlotRow row = replica->arrays.table.read(static_cast<std::size_t>(trial->slot), 1).front();
            EXPECT_EQ(row.progress.validation_position, share.end) << "it has scored its own rows";
            EXPECT_EQ(share.begin, rows);
            rows = share.end;
        }
        EXPECT_EQ(rows, 101);
    }
}

TEST_P(Lockstep, ScoresFewerRowsThanThereAreDevices) {
    const auto loss_on = [&](int replicas) {
        BatchTrainer own{make_test_backends(replicas), table_, single_split(table_.rows(), 1), {8, micro_batch}};
        const auto trial = own.start(settings());
        return own.validate(*trial).loss;
    };
    EXPECT_EQ(loss_on(GetParam()), loss_on(1));
}

TEST_P(Lockstep, CountsStepsAndEpochsForAnyBatchSize) {
    for (const auto normalization : {Normalization::none, Normalization::batch}) {
        BatchTrainer shared = trainer();
        for (const int batch_size : {1, 2, 7, 64, 100, 150, 999, 1000, 4000}) {
            const auto trial = shared.start(settings(normalization, batch_size));
            shared.grant_epochs(*trial, 1);
            shared.train();
            const SlotProgress progress = trial->bucket->row(trial->slot).progress;
            EXPECT_EQ(progress.epoch, 1);
            EXPECT_EQ(progress.step, (1000 + batch_size - 1) / batch_size);
            EXPECT_EQ(progress.position, 0);
            EXPECT_EQ(progress.accumulated, 0);
            EXPECT_EQ(progress.steps_left, 0);
            shared.stop(*trial);
        }
    }
}

TEST_P(Lockstep, GoesOnFromTheMiddleOfAnEpoch) {
    const TrialSettings trial = settings(Normalization::batch);
    BatchTrainer shared = trainer();
    const auto interrupted = shared.start(trial);
    for (const int steps : {3, 1, 5}) {
        shared.grant_steps(*interrupted, steps);
        shared.train();
    }
    Outcome result;
    train(shared, *interrupted, 1, result);
    EXPECT_EQ(shared.steps_per_epoch(interrupted->bucket->row(interrupted->slot).settings), 11);
    EXPECT_EQ(result.parameters, outcome(trial, 1).parameters);
}

TEST_P(Lockstep, CompanyOfOthersChangesNoBit) {
    std::vector<TrialSettings> all;
    for (std::uint32_t i = 0; i < 9; ++i) {
        all.push_back(settings(static_cast<Normalization>(i % 3), 30 + 45 * static_cast<int>(i % 4)));
        all.back().slot.key.trial = i;
    }
    BatchTrainer shared = trainer();
    std::vector<BatchTrainer::Trial> trials;
    for (const TrialSettings& trial : all) {
        trials.push_back(*shared.start(trial));
        shared.grant_epochs(trials.back(), 2);
    }
    shared.train();
    for (std::size_t i = 0; i < trials.size(); ++i) {
        EXPECT_EQ(trials[i].bucket->save(trials[i].slot).parameters, outcome(all[i], 2).parameters) << "trial " << i;
    }
}

TEST_P(Lockstep, CheckpointsGoFromAnyNumberOfDevicesToAnyOther) {
    const TrialSettings trial = settings(Normalization::batch);
    Outcome result;
    SlotState state;
    int epochs = 0;
    for (const int replicas : {GetParam(), 1, GetParam() + 1}) {
        BatchTrainer shared = trainer(replicas);
        static_cast<void>(shared.start(trial));  // takes the slot that it was in
        const auto place = epochs == 0 ? shared.start(trial) : shared.resume(state);
        train(shared, *place, 4, result);
        epochs += 4;
        state = place->bucket->save(place->slot);
    }
    expect_nearly_equal(result, outcome(trial, epochs, 1));
}

TEST_P(Lockstep, SavesTheLossThatAllReplicasHaveSeen) {
    const TrialSettings trial = settings();
    const auto state_of = [&](int replicas) {
        BatchTrainer shared = trainer(replicas);
        const auto place = shared.start(trial);
        shared.grant_steps(*place, 5);
        shared.train();
        return place->bucket->save(place->slot);
    };
    BatchTrainer shared = trainer();
    const auto resumed = shared.resume(state_of(GetParam()));
    const SlotProgress expected = state_of(1).row.progress;
    EXPECT_NEAR(shared.take_training_loss(*resumed) / (expected.loss_sum / expected.weight_sum), 1, 1e-5);
}

TEST_P(Lockstep, CopiesWeightsOnAllDevices) {
    BatchTrainer shared = trainer();
    const TrialSettings same = settings(Normalization::batch);
    const auto good = shared.start(same);
    TrialSettings other = same;
    other.slot.key.trial = 8;
    const auto bad = shared.start(other);
    shared.grant_epochs(*good, 2);
    shared.train();
    good->bucket->copy_weights(good->slot, bad->slot);
    shared.grant_epochs(*bad, 1);
    shared.train();
    BatchTrainer reference = trainer();
    const auto copied = reference.start(other);
    SlotState state = copied->bucket->save(copied->slot);
    const SlotState source = good->bucket->save(good->slot);
    state.parameters = source.parameters;
    state.first_moments = source.first_moments;
    state.second_moments = source.second_moments;
    const auto restored = reference.resume(state);
    reference.grant_epochs(*restored, 1);
    reference.train();
    EXPECT_EQ(bad->bucket->save(bad->slot).parameters, restored->bucket->save(restored->slot).parameters);
}

INSTANTIATE_TEST_SUITE_P(Replicas, Lockstep, testing::Values(2, 3));

#ifdef HPOGRID_TEST_CUDA
TEST(LockstepOfTwoGpus, GivesBitForBitWhatTwoReplicasOnOneGive) {
    if (cuda_device_count() < 2) {
        GTEST_SKIP() << "fewer than two GPUs";
    }
    const Table table = training_table(1101, 13);
    const auto parameters_on = [&](int second) {
        std::vector<std::unique_ptr<Backend>> backends;
        backends.push_back(make_cuda_backend(0));
        backends.push_back(make_cuda_backend(second));
        BatchTrainer trainer{std::move(backends), table, single_split(table.rows(), 101), {8, micro_batch}};
        const auto trial = trainer.start(settings(Normalization::batch));
        trainer.grant_epochs(*trial, 5);
        trainer.train();
        return trial->bucket->save(trial->slot).parameters;
    };
    EXPECT_EQ(parameters_on(1), parameters_on(0));
}
#endif

/// A device that breaks down after so many runs.
class FailingBackend final : public Backend {
  public:
    FailingBackend(std::unique_ptr<Backend> backend, int runs) : backend_{std::move(backend)}, runs_{runs} {}

    std::byte* allocate(std::size_t bytes) override { return backend_->allocate(bytes); }
    void release(std::byte* memory) noexcept override { backend_->release(memory); }
    void upload(std::byte* device, const std::byte* host, std::size_t bytes) override {
        backend_->upload(device, host, bytes);
    }
    void download(std::byte* host, const std::byte* device, std::size_t bytes) const override {
        backend_->download(host, device, bytes);
    }
    void copy(std::byte* to, const std::byte* from, std::size_t bytes) override { backend_->copy(to, from, bytes); }
    void connect(const Backend&) override {}
    int lanes(int slots) const override { return backend_->lanes(slots); }
    void run(std::span<const Plan* const> plans) override { backend_->run(plans); }
    void run_once(std::span<const Plan* const> plans) override {
        if (--runs_ < 0) {
            throw std::runtime_error{"broken"};
        }
        backend_->run_once(plans);
    }
    void run_once(const Kernel& kernel, int slot) override { backend_->run_once(kernel, slot); }

  private:
    std::unique_ptr<Backend> backend_;
    int runs_;
};

TEST(LockstepOfABrokenDevice, EndsTheWorkOfAll) {
    const Table table = training_table(500, 5);
    for (const int broken : {0, 1, 2}) {
        for (const int runs : {0, 1, 4}) {
            auto backends = make_test_backends(3);
            auto& one = backends[static_cast<std::size_t>(broken)];
            one = std::make_unique<FailingBackend>(std::move(one), runs);
            BatchTrainer trainer{std::move(backends), table, single_split(500, 100), {2, micro_batch}};
            const auto trial = trainer.start(settings());
            trainer.grant_epochs(*trial, 3);
            EXPECT_THROW(trainer.train(), std::runtime_error);
        }
    }
}

}  // namespace
}  // namespace hpogrid::kernels
