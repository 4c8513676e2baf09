#include "kernels/api/metrics.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <random>

#include "kernels/trainer/data_set.hpp"
#include "one_slot.hpp"

namespace hpogrid::kernels {
namespace {

/// Metrics of given scores, where the last `scores` rows of a table validate.
SlotMetrics metrics_of(Table table, const std::vector<float>& logits, Loss loss) {
    table.features = 1;
    table.values.resize(table.labels.size());
    const int outputs = table.classes > 2 ? table.classes : 1;
    const int rows = static_cast<int>(logits.size()) / outputs;
    OneSlot slot{rows, 16, outputs};
    slot.row.settings.loss = loss;
    const DataSet data{*slot.backend, table, single_split(table.rows(), rows)};
    const auto scores = slot.array(logits);
    const DeviceArray<std::uint32_t> orders{*slot.backend, static_cast<std::size_t>(rows)};
    const DeviceArray<SlotMetrics> metrics{*slot.backend, 1};
    slot.run(ComputeMetrics{
        {}, data.view(), matrix<const float>(scores, rows, outputs), {orders.span(), 0, rows}, metrics.span()});
    return metrics.read(0, 1).front();
}

/// A training row of each class, then the given validation rows.
Table validated(const std::vector<float>& labels, const std::vector<float>& weights) {
    Table table;
    table.labels = {0, 1};
    table.weights = {1, 1};
    table.labels.insert(table.labels.end(), labels.begin(), labels.end());
    table.weights.insert(table.weights.end(), weights.begin(), weights.end());
    return table;
}

TEST(Metrics, LossAndAccuracyAreWeightedMeans) {
    const auto metrics = metrics_of(validated({1, 0, 1}, {1, 2, 5}), {1.0F, 2.0F, -1.0F}, Loss::binary_cross_entropy);
    const auto softplus = [](double z) { return std::log1p(std::exp(z)); };
    EXPECT_NEAR(metrics.loss, (softplus(-1) + 2 * softplus(2) + 5 * softplus(1)) / 8, 1e-6);
    EXPECT_NEAR(metrics.accuracy, 1.0 / 8, 1e-12);
}

TEST(Metrics, AreaUnderTheCurveIsTheWeightedShareOfPairsInOrder) {
    std::mt19937 generator{1};
    std::uniform_int_distribution<int> score{0, 20};  // with ties
    std::uniform_real_distribution<float> weight{-0.2F, 1.0F};
    std::vector<float> labels;
    std::vector<float> weights;
    std::vector<float> logits;
    for (int i = 0; i < 300; ++i) {
        labels.push_back(static_cast<float>(generator() % 2));
        weights.push_back(weight(generator));
        logits.push_back(static_cast<float>(score(generator)) + labels.back());
    }
    double in_order = 0;
    double pairs = 0;
    for (std::size_t i = 0; i < labels.size(); ++i) {
        for (std::size_t j = 0; j < labels.size(); ++j) {
            if (labels[i] == 1 && labels[j] == 0) {
                const double pair = double{weights[i]} * double{weights[j]};
                pairs += pair;
                in_order += logits[i] > logits[j] ? pair : logits[i] == logits[j] ? pair / 2 : 0;
            }
        }
    }
    const auto metrics = metrics_of(validated(labels, weights), logits, Loss::binary_cross_entropy);
    EXPECT_NEAR(metrics.auc, in_order / pairs, 1e-9);
}

TEST(Metrics, SignificanceIsThatOfTheBestCutScaledToAllRows) {
    // Scores fall: 10 signal, 10 background, 1 signal, 30 background; as much again of each class trains.
    std::vector<float> labels(10, 1.0F);
    labels.insert(labels.end(), 10, 0.0F);
    labels.push_back(1.0F);
    labels.insert(labels.end(), 30, 0.0F);
    Table table;
    table.labels = labels;
    table.labels.insert(table.labels.end(), labels.begin(), labels.end());
    table.weights = std::vector<float>(table.labels.size(), 0.5F);
    std::vector<float> logits;
    for (std::size_t i = 0; i < labels.size(); ++i) {
        logits.push_back(2.0F - 0.1F * static_cast<float>(i));
    }
    const auto metrics = metrics_of(table, logits, Loss::binary_cross_entropy);
    // A cut above the tenth background row would keep too few to know b. The eleventh signal row then pays: s = 11, b
    // = 10.
    EXPECT_NEAR(metrics.significance, 11 / std::sqrt(10), 1e-9);
    EXPECT_NEAR(metrics.asimov, std::sqrt(2 * (21 * std::log(1 + 1.1) - 11)), 1e-9);
    EXPECT_NEAR(metrics.significance_cut, 1 / (1 + std::exp(-double{logits[20]})), 1e-6);
    EXPECT_EQ(metrics.asimov_cut, metrics.significance_cut);
}

TEST(Metrics, SignificanceIsUndefinedWithTooLittleBackground) {
    const auto metrics = metrics_of(validated({1, 0, 1, 0}, {1, 1, 1, 1}), {4, 3, 2, 1}, Loss::binary_cross_entropy);
    EXPECT_TRUE(std::isnan(metrics.significance));
    EXPECT_NEAR(metrics.auc, 0.75, 1e-12);
}

TEST(Metrics, OfManyClassesAreLossAndAccuracy) {
    Table table;
    table.classes = 3;
    table.labels = {0, 1, 2, 2, 0};
    const auto metrics = metrics_of(table, {0.0F, 0.0F, 1.0F, 0.0F, 2.0F, 1.0F}, Loss::cross_entropy);
    EXPECT_NEAR(metrics.loss, (std::log(2 + std::exp(1.0)) - 1 + std::log(1 + std::exp(2.0) + std::exp(1.0))) / 2,
                1e-6);
    EXPECT_NEAR(metrics.accuracy, 0.5, 1e-12);
    EXPECT_TRUE(std::isnan(metrics.auc));
}

TEST(Metrics, OfARegressionIsTheLoss) {
    Table table;
    table.classes = 0;
    table.labels = {0, 1.5F, -2.0F};
    const auto metrics = metrics_of(table, {1.0F, -1.0F}, Loss::mean_squared_error);
    EXPECT_NEAR(metrics.loss, (0.25 + 1) / 2, 1e-6);
    EXPECT_TRUE(std::isnan(metrics.accuracy));
}

TEST(Metrics, OfADivergedNetworkAreNotNumbers) {
    const auto metrics = metrics_of(validated({1, 0}, {1, 1}), {NAN, 0.0F}, Loss::binary_cross_entropy);
    EXPECT_TRUE(std::isnan(metrics.loss));
    EXPECT_TRUE(std::isnan(metrics.auc));
}

}  // namespace
}  // namespace hpogrid::kernels
