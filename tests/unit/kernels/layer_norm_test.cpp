#include "kernels/api/layer_norm.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <functional>

#include "one_slot.hpp"

namespace hpogrid::kernels {
namespace {

constexpr int units = 5;
const std::vector<double> x{1.0, -2.0, 0.5, 4.0, 0.25};
const std::vector<double> gains{1.0, 2.0, -1.0, 0.5, 3.0};
const std::vector<double> shifts{0.1, 0.2, 0.3, 0.4, 0.5};
const std::vector<double> upstream{0.3, -0.7, 1.1, 0.2, -0.4};

std::vector<double> normalize(const std::vector<double>& values, const std::vector<double>& g) {
    double mean = 0;
    double variance = 0;
    for (const double value : values) {
        mean += value / units;
    }
    for (const double value : values) {
        variance += (value - mean) * (value - mean) / units;
    }
    std::vector<double> result;
    for (std::size_t i = 0; i < values.size(); ++i) {
        result.push_back((values[i] - mean) / std::sqrt(variance + 1e-5) * g[i] + shifts[i]);
    }
    return result;
}

/// Σ upstream · y: its derivatives are what the kernel propagates.
double projected(const std::vector<double>& values, const std::vector<double>& g) {
    const auto y = normalize(values, g);
    double sum = 0;
    for (std::size_t i = 0; i < y.size(); ++i) {
        sum += upstream[i] * y[i];
    }
    return sum;
}

double derivative(const std::function<double(double)>& f) {
    return (f(1e-5) - f(-1e-5)) / 2e-5;
}

class LayerNorm : public testing::Test {
  protected:
    LayerNorm() {
        slot_.run(LayerNormForward{{},
                                   Phase::training,
                                   0,
                                   vector<const float>(gains_),
                                   vector<const float>(shifts_),
                                   matrix(values_, 1, 16),
                                   matrix(normalized_, 1, 16),
                                   vector(scales_)});
    }
    [[nodiscard]] DeviceArray<float> row(const std::vector<double>& values, float rest = 0.0F) const {
        std::vector<float> all(16, rest);
        std::ranges::transform(values, all.begin(), [](double value) { return static_cast<float>(value); });
        return slot_.array(all);
    }

    OneSlot slot_{1, units};
    DeviceArray<float> gains_ = row(gains);
    DeviceArray<float> shifts_ = row(shifts);
    DeviceArray<float> values_ = row(x);
    DeviceArray<float> normalized_ = row({});
    DeviceArray<float> scales_{*slot_.backend, 1};
};

TEST_F(LayerNorm, NormalizesTheUnitsOfTheSlotOnly) {
    const auto expected = normalize(x, gains);
    for (std::size_t i = 0; i < units; ++i) {
        EXPECT_NEAR(values(values_)[i], expected[i], 1e-5);
    }
    for (std::size_t i = units; i < 16; ++i) {
        EXPECT_EQ(values(values_)[i], 0.0F);
    }
}

TEST_F(LayerNorm, PropagatesTheGradient) {
    const auto gradients = row(upstream);
    const auto gain_gradients = row(std::vector<double>(units, 1.0));
    const auto shift_gradients = row(std::vector<double>(units, 1.0));
    slot_.run(LayerNormBackward{{},
                                0,
                                vector<const float>(gains_),
                                matrix<const float>(normalized_, 1, 16),
                                vector<const float>(scales_),
                                matrix(gradients, 1, 16),
                                vector(gain_gradients),
                                vector(shift_gradients)});
    for (std::size_t i = 0; i < units; ++i) {
        const auto moved = [i](std::vector<double> values, double by) {
            values[i] += by;
            return values;
        };
        EXPECT_NEAR(values(gradients)[i], derivative([&](double by) { return projected(moved(x, by), gains); }), 1e-5);
        EXPECT_NEAR(values(gain_gradients)[i],
                    1 + derivative([&](double by) { return projected(x, moved(gains, by)); }), 1e-5);
        EXPECT_NEAR(values(shift_gradients)[i], 1 + upstream[i], 1e-6);
    }
}

}  // namespace
}  // namespace hpogrid::kernels
