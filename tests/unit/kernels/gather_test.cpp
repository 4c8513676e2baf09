#include "kernels/api/gather.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>

#include "kernels/api/permutation.hpp"
#include "kernels/trainer/data_set.hpp"
#include "one_slot.hpp"

namespace hpogrid::kernels {
namespace {

/// Ten rows with features (row, constant, row²) and label row mod 2; rows 4 … 6 validate.
Table ten_rows() {
    Table table;
    table.features = 3;
    for (int row = 0; row < 10; ++row) {
        const auto x = static_cast<float>(row);
        table.values.insert(table.values.end(), {x, 7.0F, x * x});
        table.labels.push_back(static_cast<float>(row % 2));
        table.weights.push_back(1.0F + x);
    }
    return table;
}

class Gathering : public testing::Test {
  protected:
    void gather(Phase phase) {
        slot_.run(Gather{{},
                         data_.view(),
                         phase,
                         {chosen_.span(), 10, 10},
                         matrix(inputs_, 10, 16),
                         vector(labels_),
                         vector(weights_)});
    }
    [[nodiscard]] float input(int row, int feature) const {
        return values(inputs_)[static_cast<std::size_t>(row * 16 + feature)];
    }
    /// Rows of the data set by their weights.
    [[nodiscard]] std::vector<float> rows(int count, float scale) const {
        std::vector<float> found;
        for (int i = 0; i < count; ++i) {
            found.push_back(std::round(values(weights_)[static_cast<std::size_t>(i)] / scale - 1));
        }
        return found;
    }

    OneSlot slot_{7, 16};
    DataSet data_{*slot_.backend, ten_rows(), {{4, 7}}};
    DeviceArray<std::uint32_t> chosen_{*slot_.backend, 10};
    DeviceArray<float> inputs_ = slot_.array(std::vector<float>(160, 99.0F));
    DeviceArray<float> labels_{*slot_.backend, 10};
    DeviceArray<float> weights_{*slot_.backend, 10};
    // Weights of the training rows 0 1 2 3 7 8 9 sum to 1 + 2 + 3 + 4 + 8 + 9 + 10 = 37.
    static constexpr float training_scale = 7.0F / 37.0F;
};

TEST_F(Gathering, TakesEachTrainingRowOnceInShuffledOrder) {
    slot_.row.settings.key = {3, 4};
    slot_.row.progress.epoch = 2;
    gather(Phase::training);
    const Permutation permutation{{3, 4}, 2, 7};
    const float training[] = {0, 1, 2, 3, 7, 8, 9};
    std::vector<float> expected;
    for (std::uint32_t i = 0; i < 7; ++i) {
        expected.push_back(training[permutation(i)]);
    }
    EXPECT_EQ(rows(7, training_scale), expected);
    for (int i = 0; i < 7; ++i) {
        EXPECT_EQ(values(labels_)[static_cast<std::size_t>(i)], std::fmod(expected[static_cast<std::size_t>(i)], 2.0F));
    }
}

TEST_F(Gathering, GoesOnWhereTheEpochIs) {
    gather(Phase::training);
    const auto all = rows(7, training_scale);
    slot_.row.progress.position = 5;
    slot_.row.progress.rows = 2;
    gather(Phase::training);
    EXPECT_EQ(rows(2, training_scale), (std::vector<float>{all[5], all[6]}));
}

TEST_F(Gathering, TakesValidationRowsInOrderWithTheirOwnWeights) {
    slot_.row.progress.validation_position = 1;
    slot_.row.progress.validation_rows = 2;
    gather(Phase::validation);
    EXPECT_EQ(rows(2, 1.0F), (std::vector<float>{5, 6}));
}

TEST_F(Gathering, StandardizesByTheTrainingPartOnly) {
    gather(Phase::training);
    for (const int feature : {0, 2}) {
        double sum = 0;
        double squares = 0;
        for (int i = 0; i < 7; ++i) {
            sum += input(i, feature);
            squares += input(i, feature) * input(i, feature);
        }
        EXPECT_NEAR(sum / 7, 0, 1e-6);
        EXPECT_NEAR(squares / 7, 1, 1e-6);
    }
    slot_.row.progress.validation_rows = 3;
    gather(Phase::validation);
    // Training rows have the mean 30/7 and the variance Σ(x²)/7 − mean² = 208/7 − 900/49.
    EXPECT_NEAR(input(0, 0), (4 - 30.0 / 7) / std::sqrt(208.0 / 7 - 900.0 / 49), 1e-6);
}

TEST_F(Gathering, SetsConstantFeaturesAndPaddingToZero) {
    gather(Phase::training);
    for (int i = 0; i < 7; ++i) {
        EXPECT_EQ(input(i, 1), 0.0F);
        for (int feature = 3; feature < 16; ++feature) {
            EXPECT_EQ(input(i, feature), 0.0F);
        }
    }
}

}  // namespace
}  // namespace hpogrid::kernels
