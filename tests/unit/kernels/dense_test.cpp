#include "kernels/api/dense.hpp"

#include <gtest/gtest.h>

#include "one_slot.hpp"

namespace hpogrid::kernels {
namespace {

/// Two inputs, two units: W = [[1, 2], [3, 4]], b = [10, 20], x = [[5, 6], [7, 8]].
class Dense : public testing::Test {
  protected:
    Dense() { slot_.row.settings.units = {2, 2}; }

    /// A 16 × 16 or `rows` × 16 array with the given corner and zeros elsewhere.
    [[nodiscard]] DeviceArray<float> corner(int rows, float a, float b, float c, float d) const {
        std::vector<float> all(static_cast<std::size_t>(rows) * 16);
        all[0] = a;
        all[1] = b;
        all[16] = c;
        all[17] = d;
        return slot_.array(all);
    }
    static void expect_corner(const DeviceArray<float>& array, float a, float b, float c, float d) {
        EXPECT_EQ(values(array)[0], a);
        EXPECT_EQ(values(array)[1], b);
        EXPECT_EQ(values(array)[16], c);
        EXPECT_EQ(values(array)[17], d);
    }

    OneSlot slot_{2, 2};
    DeviceArray<float> weights_ = corner(16, 1, 2, 3, 4);
    DeviceArray<float> inputs_ = corner(2, 5, 6, 7, 8);
    DeviceArray<float> gradients_ = corner(2, 1, -1, 2, 0.5);
};

TEST_F(Dense, ForwardIsWeightsTimesInputsPlusBiases) {
    std::vector<float> biases(16);
    biases[0] = 10;
    biases[1] = 20;
    const auto b = slot_.array(biases);
    const auto out = slot_.array(std::vector<float>(32, 99.0F));
    slot_.run(DenseForward{{},
                           Phase::training,
                           0,
                           matrix<const float>(inputs_, 2, 16),
                           matrix<const float>(weights_, 16, 16),
                           vector<const float>(b),
                           matrix(out, 2, 16)});
    expect_corner(out, 10 + 17, 20 + 39, 10 + 23, 20 + 53);
    EXPECT_EQ(values(out)[2], 0.0F);
}

TEST_F(Dense, WeightGradientAddsToEarlierMicroBatches) {
    const auto weight_gradients = slot_.array(std::vector<float>(256, 1.0F));
    const auto bias_gradients = slot_.array(std::vector<float>(16, 1.0F));
    slot_.run(DenseWeightGradient{{},
                                  0,
                                  matrix<const float>(inputs_, 2, 16),
                                  matrix<const float>(gradients_, 2, 16),
                                  matrix(weight_gradients, 16, 16),
                                  vector(bias_gradients)});
    expect_corner(weight_gradients, 1 + 19, 1 + 22, 1 - 1.5F, 1 - 2);
    EXPECT_EQ(values(bias_gradients)[0], 1 + 3.0F);
    EXPECT_EQ(values(bias_gradients)[1], 1 - 0.5F);
}

TEST_F(Dense, InputGradientIsTransposedWeightsTimesOutputGradient) {
    const auto out = slot_.array(std::vector<float>(32, 99.0F));
    slot_.run(DenseInputGradient{
        {}, 1, matrix<const float>(gradients_, 2, 16), matrix<const float>(weights_, 16, 16), matrix(out, 2, 16)});
    expect_corner(out, 1 - 3, 2 - 4, 2 + 1.5F, 4 + 2);
}

TEST_F(Dense, LeavesRowsBeyondTheMicroBatchAlone) {
    slot_.row.progress.rows = 1;
    const auto b = slot_.array(std::vector<float>(16));
    const auto out = slot_.array(std::vector<float>(32, 99.0F));
    slot_.run(DenseForward{{},
                           Phase::training,
                           0,
                           matrix<const float>(inputs_, 2, 16),
                           matrix<const float>(weights_, 16, 16),
                           vector<const float>(b),
                           matrix(out, 2, 16)});
    expect_corner(out, 17, 39, 99, 99);
}

}  // namespace
}  // namespace hpogrid::kernels
