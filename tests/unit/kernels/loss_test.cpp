#include "kernels/api/loss.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <functional>

#include "one_slot.hpp"

namespace hpogrid::kernels {
namespace {

/// Runs the loss kernel on two rows with three outputs at most.
class Losses : public testing::Test {
  protected:
    void run(Loss loss, int outputs, const std::vector<float>& first, const std::vector<float>& second) {
        slot_.row.settings.loss = loss;
        slot_.row.settings.units = {16, outputs};
        std::vector<float> all(32, 5.0F);
        std::ranges::copy(first, all.begin());
        std::ranges::copy(second, all.begin() + 16);
        logits_ = slot_.array(all);
        slot_.run(
            LossGradient{{}, 1, matrix(logits_, 2, 16), vector<const float>(labels_), vector<const float>(weights_)});
    }
    [[nodiscard]] float gradient(int row, int output) const {
        return values(logits_)[static_cast<std::size_t>(16 * row + output)];
    }

    OneSlot slot_{2, 16};
    DeviceArray<float> labels_ = slot_.array({0.0F, 1.0F});
    DeviceArray<float> weights_ = slot_.array({0.5F, 3.0F});
    DeviceArray<float> logits_{*slot_.backend, 32};
};

double derivative(const std::function<double(double)>& f, double x) {
    return (f(x + 1e-6) - f(x - 1e-6)) / 2e-6;
}

TEST_F(Losses, BinaryCrossEntropyHasLossAndGradientTimesWeight) {
    run(Loss::binary_cross_entropy, 1, {0.7F}, {-1.3F});
    const auto background = [](double z) { return -std::log(1 - 1 / (1 + std::exp(-z))); };
    const auto signal = [](double z) { return -std::log(1 / (1 + std::exp(-z))); };
    EXPECT_NEAR(slot_.row.progress.loss_sum, 0.5 * background(0.7) + 3 * signal(-1.3), 1e-6);
    EXPECT_NEAR(slot_.row.progress.weight_sum, 3.5, 1e-12);
    EXPECT_NEAR(gradient(0, 0), 0.5 * derivative(background, 0.7), 1e-6);
    EXPECT_NEAR(gradient(1, 0), 3 * derivative(signal, -1.3), 1e-6);
}

TEST_F(Losses, BinaryCrossEntropyStaysFiniteForHugeLogits) {
    run(Loss::binary_cross_entropy, 1, {500.0F}, {-500.0F});
    EXPECT_NEAR(slot_.row.progress.loss_sum, 500 * 3.5, 1e-3);
    EXPECT_NEAR(gradient(0, 0), 0.5, 1e-6);
    EXPECT_NEAR(gradient(1, 0), -3, 1e-6);
}

TEST_F(Losses, CrossEntropyHasLossAndGradientTimesWeight) {
    run(Loss::cross_entropy, 3, {0.1F, 1.2F, -0.4F}, {2.0F, 0.5F, 1.0F});
    const auto entropy = [](std::vector<double> z, std::size_t label) {
        double sum = 0;
        for (const double value : z) {
            sum += std::exp(value);
        }
        return std::log(sum) - z[label];
    };
    EXPECT_NEAR(slot_.row.progress.loss_sum, 0.5 * entropy({0.1, 1.2, -0.4}, 0) + 3 * entropy({2, 0.5, 1}, 1), 1e-6);
    EXPECT_NEAR(gradient(0, 0), 0.5 * derivative([&](double z) { return entropy({z, 1.2, -0.4}, 0); }, 0.1), 1e-6);
    EXPECT_NEAR(gradient(0, 2), 0.5 * derivative([&](double z) { return entropy({0.1, 1.2, z}, 0); }, -0.4), 1e-6);
    EXPECT_NEAR(gradient(1, 1), 3 * derivative([&](double z) { return entropy({2, z, 1}, 1); }, 0.5), 1e-6);
}

TEST_F(Losses, CrossEntropyStaysFiniteForHugeLogits) {
    run(Loss::cross_entropy, 3, {800.0F, 0.0F, -800.0F}, {800.0F, 0.0F, -800.0F});
    EXPECT_NEAR(slot_.row.progress.loss_sum, 3 * 800, 1e-3);
}

TEST_F(Losses, SquaredErrorHasLossAndGradientTimesWeight) {
    run(Loss::mean_squared_error, 1, {0.5F}, {-1.0F});
    EXPECT_NEAR(slot_.row.progress.loss_sum, 0.5 * 0.25 + 3 * 4, 1e-6);
    EXPECT_NEAR(gradient(0, 0), 0.5, 1e-6);
    EXPECT_NEAR(gradient(1, 0), -12, 1e-6);
}

TEST_F(Losses, PaddedOutputsHaveNoGradient) {
    run(Loss::cross_entropy, 3, {}, {});
    for (int output = 3; output < 16; ++output) {
        EXPECT_EQ(gradient(0, output), 0.0F);
        EXPECT_EQ(gradient(1, output), 0.0F);
    }
}

}  // namespace
}  // namespace hpogrid::kernels
