#include "kernels/api/batch_share.hpp"

#include <gtest/gtest.h>

#include <vector>

#include "one_slot.hpp"

namespace hpogrid::kernels {
namespace {

TEST(BatchShare, SharesOfAllReplicasAreTheBatch) {
    for (const int replicas : {1, 2, 3, 8}) {
        for (const int block : {1, 16, 100}) {
            for (const int rows : {1, 2, 15, 16, 17, 99, 256, 1000}) {
                int next = 0;
                for (int replica = 0; replica < replicas; ++replica) {
                    const auto [begin, end] = rows_of_share({replica, replicas, block}, rows);
                    EXPECT_EQ(begin, next);
                    EXPECT_TRUE(end == rows || end % block == 0);
                    EXPECT_LE(end - begin, (rows + replicas * block - 1) / (replicas * block) * block);
                    next = end;
                }
                EXPECT_EQ(next, rows);
                EXPECT_GT(rows_of_share({0, replicas, block}, rows).end, 0);
            }
        }
    }
}

TEST(BatchShare, OfTheLargestBatchHasNoOverflow) {
    const auto [begin, end] = rows_of_share({7, 8, 1024}, INT32_MAX);
    EXPECT_GT(begin, 0);
    EXPECT_EQ(end, INT32_MAX);
}

/// The micro-batches of an epoch: which rows of it, each [position, position + rows).
std::vector<std::pair<int, int>> micro_batches(SlotRow row, int training_rows, int micro_batch,
                                               const BatchShare& share) {
    std::vector<std::pair<int, int>> found;
    while (row.progress.epoch == 0) {
        enter_share(row, training_rows, micro_batch, share);
        while (row.progress.rows > 0) {
            found.emplace_back(row.progress.position, row.progress.rows);
            advance_in_share(row, training_rows, micro_batch, share);
        }
        EXPECT_TRUE(completes_batch(row, training_rows));
        advance_training(row, training_rows, micro_batch);
    }
    return found;
}

TEST(BatchShare, GoesThroughItsRowsOfEachBatch) {
    SlotRow row;
    row.settings.batch_size = 10;
    row.progress.steps_left = 3;
    using Found = std::vector<std::pair<int, int>>;
    EXPECT_EQ(micro_batches(row, 23, 4, {0, 2, 1}), (Found{{0, 4}, {4, 1}, {10, 4}, {14, 1}, {20, 2}}));
    EXPECT_EQ(micro_batches(row, 23, 4, {1, 2, 1}), (Found{{5, 4}, {9, 1}, {15, 4}, {19, 1}, {22, 1}}));
    EXPECT_EQ(micro_batches(row, 23, 4, {0, 2, 4}), (Found{{0, 4}, {4, 4}, {10, 4}, {14, 4}, {20, 3}}));
    EXPECT_EQ(micro_batches(row, 23, 4, {1, 2, 4}), (Found{{8, 2}, {18, 2}}));
}

TEST(BatchShare, StatisticsFadeByEachLaterMicroBatchThatMovesThem) {
    SlotRow row;
    row.settings.batch_size = 65;
    const auto fades = [&](int micro_batch, int training_rows, const BatchShare& share) {
        return decay_after_share(row, training_rows, micro_batch, share);
    };
    EXPECT_FLOAT_EQ(fades(16, 1000, {0, 5, 16}), 0.729F);  // the last row is alone
    EXPECT_FLOAT_EQ(fades(32, 1000, {0, 2, 32}), 1.0F);
    EXPECT_FLOAT_EQ(fades(16, 50, {0, 4, 16}), 0.729F);  // the epoch ends, with two rows
    EXPECT_FLOAT_EQ(fades(16, 50, {3, 4, 16}), 1.0F);
    EXPECT_FLOAT_EQ(fades(1, 1000, {0, 5, 1}), 1.0F);
}

/// A slot in a batch of 10 rows.
OneSlot one_slot() {
    OneSlot one{4, 16};
    one.row.settings.batch_size = 10;
    return one;
}

TEST(EnterShare, MovesASlotThatHasStepsLeft) {
    OneSlot one = one_slot();
    const DeviceArray<int> training_rows{*one.backend, std::vector<int>{20}};
    const EnterShare kernel{{}, training_rows.span(), 4, {1, 2, 1}};
    one.run(kernel);
    EXPECT_EQ(one.row.progress.position, 5);
    EXPECT_EQ(one.row.progress.accumulated, 5);
    EXPECT_EQ(one.row.progress.rows, 4);
    OneSlot over = one_slot();
    over.row.progress.steps_left = 0;
    over.run(kernel);
    EXPECT_EQ(over.row.progress.position, 0);
}

TEST(AdvanceInShare, WaitsAtTheEndOfTheBatch) {
    OneSlot one = one_slot();
    const DeviceArray<int> training_rows{*one.backend, std::vector<int>{20}};
    const AdvanceInShare kernel{{}, training_rows.span(), 4, {0, 2, 1}};
    one.run(kernel);
    EXPECT_EQ(one.row.progress.position, 4);
    EXPECT_EQ(one.row.progress.rows, 1);
    one.run(kernel);
    EXPECT_EQ(one.row.progress.position, 10);
    EXPECT_EQ(one.row.progress.accumulated, 10);
    EXPECT_EQ(one.row.progress.rows, 0);
    EXPECT_EQ(one.row.progress.steps_left, 1);
}

TEST(ClearStatistics, ClearsThemWhereThereIsABatchToCome) {
    OneSlot one = one_slot();
    const auto statistics = one.array({1, 2, 3});
    one.row.progress.steps_left = 0;
    one.run(ClearStatistics{{}, vector(statistics)});
    EXPECT_EQ(values(statistics), (std::vector<float>{1, 2, 3}));
    one.row.progress.steps_left = 1;
    one.run(ClearStatistics{{}, vector(statistics)});
    EXPECT_EQ(values(statistics), (std::vector<float>{0, 0, 0}));
}

TEST(FadeStatistics, ActsWithTheLastMicroBatchOfTheShare) {
    OneSlot one = one_slot();
    const auto statistics = one.array({1, -2});
    const DeviceArray<int> training_rows{*one.backend, std::vector<int>{20}};
    const FadeStatistics kernel{{}, training_rows.span(), 4, {0, 2, 4}, vector(statistics)};
    one.run(kernel);
    EXPECT_EQ(values(statistics), (std::vector<float>{1, -2}));
    one.row.progress.position = one.row.progress.accumulated = 4;
    one.run(kernel);
    EXPECT_FLOAT_EQ(values(statistics)[0], 0.9F);
    EXPECT_FLOAT_EQ(values(statistics)[1], -1.8F);
}

TEST(SumReplicas, SumsInTheirOrder) {
    const auto backend = make_test_backend(1);
    // In any other order 1 is not lost.
    const DeviceArray<float> parts{*backend, std::vector<float>{1, 1, 1e9F, 2, -1e9F, 3}};
    const DeviceArray<float> sums{*backend, 2};
    backend->run_once(SumReplicas{{parts.span().data(), 3, 2}, sums.span()}, 0);
    EXPECT_EQ(values(sums), (std::vector<float>{0, 6}));
}

}  // namespace
}  // namespace hpogrid::kernels
