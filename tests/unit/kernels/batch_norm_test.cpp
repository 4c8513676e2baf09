#include "kernels/api/batch_norm.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <functional>

#include "one_slot.hpp"

namespace hpogrid::kernels {
namespace {

constexpr int rows = 4;
constexpr int units = 2;
constexpr int columns = 16;
// [row][unit]
const std::vector<double> x{1.0, -2.0, 0.5, 4.0, 0.25, 0.125, -3.0, 1.5};
const std::vector<double> upstream{0.3, -0.7, 1.1, 0.2, -0.4, 0.6, 0.9, -1.2};
const std::vector<double> gains{2.0, -0.5};
const std::vector<double> shifts{0.1, 0.2};

struct Statistics {
    double mean{0};
    double variance{0};
};

Statistics statistics(const std::vector<double>& values, std::size_t unit) {
    Statistics result;
    for (std::size_t i = unit; i < values.size(); i += units) {
        result.mean += values[i] / rows;
    }
    for (std::size_t i = unit; i < values.size(); i += units) {
        result.variance += (values[i] - result.mean) * (values[i] - result.mean) / rows;
    }
    return result;
}

double normalized(const std::vector<double>& values, const std::vector<double>& g, std::size_t index) {
    const std::size_t unit = index % units;
    const auto [mean, variance] = statistics(values, unit);
    return (values[index] - mean) / std::sqrt(variance + 1e-5) * g[unit] + shifts[unit];
}

/// Σ upstream · y: its derivatives are what the kernel propagates.
double projected(const std::vector<double>& values, const std::vector<double>& g) {
    double sum = 0;
    for (std::size_t i = 0; i < values.size(); ++i) {
        sum += upstream[i] * normalized(values, g, i);
    }
    return sum;
}

double derivative(const std::function<double(double)>& f) {
    return (f(1e-5) - f(-1e-5)) / 2e-5;
}

std::vector<float> padded_rows(const std::vector<double>& values) {
    std::vector<float> result(rows * columns);
    for (std::size_t i = 0; i < values.size(); ++i) {
        result[i / units * columns + i % units] = static_cast<float>(values[i]);
    }
    return result;
}

std::vector<float> padded_units(const std::vector<double>& values) {
    std::vector<float> result(columns);
    std::ranges::copy(values, result.begin());
    return result;
}

class BatchNorm : public testing::Test {
  protected:
    void forward(Phase phase) {
        slot_.run(BatchNormForward{{},
                                   phase,
                                   0,
                                   vector<const float>(gains_),
                                   vector<const float>(shifts_),
                                   vector(means_),
                                   vector(variances_),
                                   matrix(values_, rows, columns),
                                   matrix(normalized_, rows, columns),
                                   vector(scales_)});
    }
    [[nodiscard]] double value(std::size_t index) const {
        return values(values_)[index / units * columns + index % units];
    }

    OneSlot slot_{rows, units};
    DeviceArray<float> gains_ = slot_.array(padded_units(gains));
    DeviceArray<float> shifts_ = slot_.array(padded_units(shifts));
    DeviceArray<float> means_ = slot_.array(padded_units({0.5, 0.25}));
    DeviceArray<float> variances_ = slot_.array(padded_units({1.0, 4.0}));
    DeviceArray<float> values_ = slot_.array(padded_rows(x));
    DeviceArray<float> normalized_ = slot_.array(std::vector<float>(rows * columns));
    DeviceArray<float> scales_ = slot_.array(std::vector<float>(columns));
};

TEST_F(BatchNorm, NormalizesEachUnitOverTheRowsOfItsMicroBatch) {
    forward(Phase::training);
    for (std::size_t i = 0; i < x.size(); ++i) {
        EXPECT_NEAR(value(i), normalized(x, gains, i), 1e-5);
    }
}

TEST_F(BatchNorm, LeavesPaddedUnitsAlone) {
    forward(Phase::training);
    for (const auto* array : {&values_, &normalized_}) {
        const auto all = values(*array);
        for (std::size_t i = 0; i < all.size(); ++i) {
            EXPECT_TRUE(i % columns < units || all[i] == 0);
        }
    }
}

TEST_F(BatchNorm, MovesTheRunningStatisticsTowardsTheMicroBatch) {
    forward(Phase::training);
    for (std::size_t unit = 0; unit < units; ++unit) {
        const auto [mean, variance] = statistics(x, unit);
        EXPECT_NEAR(values(means_)[unit], 0.9 * (unit == 0 ? 0.5 : 0.25) + 0.1 * mean, 1e-6);
        EXPECT_NEAR(values(variances_)[unit], 0.9 * (unit == 0 ? 1.0 : 4.0) + 0.1 * variance * rows / (rows - 1), 1e-6);
    }
}

TEST_F(BatchNorm, UsesTheRunningStatisticsInValidationAndKeepsThem) {
    forward(Phase::validation);
    EXPECT_NEAR(value(0), (1.0 - 0.5) / std::sqrt(1.0 + 1e-5) * 2.0 + 0.1, 1e-6);
    EXPECT_NEAR(value(3), (4.0 - 0.25) / std::sqrt(4.0 + 1e-5) * -0.5 + 0.2, 1e-6);
    EXPECT_EQ(values(means_)[0], 0.5F);
    EXPECT_EQ(values(variances_)[1], 4.0F);
}

TEST_F(BatchNorm, OfOneRowIsItsShiftAndKeepsTheRunningStatistics) {
    slot_.row.progress.rows = 1;
    forward(Phase::training);
    EXPECT_EQ(value(0), 0.1F);
    EXPECT_EQ(value(1), 0.2F);
    EXPECT_EQ(values(means_)[0], 0.5F);
    EXPECT_EQ(values(variances_)[0], 1.0F);
}

TEST_F(BatchNorm, PropagatesGradients) {
    forward(Phase::training);
    const DeviceArray<float> gradients = slot_.array(padded_rows(upstream));
    const DeviceArray<float> gain_gradients = slot_.array(std::vector<float>(columns, 1.0F));
    const DeviceArray<float> shift_gradients = slot_.array(std::vector<float>(columns, 1.0F));
    slot_.run(BatchNormBackward{{},
                                0,
                                vector<const float>(gains_),
                                matrix<const float>(normalized_, rows, columns),
                                vector<const float>(scales_),
                                matrix(gradients, rows, columns),
                                vector(gain_gradients),
                                vector(shift_gradients)});
    for (std::size_t i = 0; i < x.size(); ++i) {
        const double expected = derivative([&](double step) {
            auto moved = x;
            moved[i] += step;
            return projected(moved, gains);
        });
        EXPECT_NEAR(values(gradients)[i / units * columns + i % units], expected, 1e-5);
    }
    for (std::size_t unit = 0; unit < units; ++unit) {
        const double expected = derivative([&](double step) {
            auto moved = gains;
            moved[unit] += step;
            return projected(x, moved);
        });
        EXPECT_NEAR(values(gain_gradients)[unit], 1 + expected, 1e-5);
        double sum = 1;
        for (std::size_t i = unit; i < upstream.size(); i += units) {
            sum += upstream[i];
        }
        EXPECT_NEAR(values(shift_gradients)[unit], sum, 1e-5);
    }
}

}  // namespace
}  // namespace hpogrid::kernels
