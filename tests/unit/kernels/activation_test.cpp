#include "kernels/api/activation.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <functional>
#include <limits>
#include <string>

#include "one_slot.hpp"

namespace hpogrid::kernels {
namespace {

struct Case {
    std::string name;
    Activation activation;
    std::function<double(double)> function;
};

double normal_cdf(double x) {
    return 0.5 * std::erfc(-x / std::sqrt(2.0));
}
double sigmoid(double x) {
    return 1 / (1 + std::exp(-x));
}

const Case cases[] = {
    {"relu", Activation::relu, [](double x) { return std::max(x, 0.0); }},
    {"gelu", Activation::gelu, [](double x) { return x * normal_cdf(x); }},
    {"silu", Activation::silu, [](double x) { return x * sigmoid(x); }},
    {"tanh", Activation::tanh, [](double x) { return std::tanh(x); }},
    {"elu", Activation::elu, [](double x) { return x < 0 ? std::expm1(x) : x; }},
    {"sigmoid", Activation::sigmoid, sigmoid},
    {"leaky_relu", Activation::leaky_relu, [](double x) { return x < 0 ? 0.01 * x : x; }},
};
static_assert(std::size(cases) == activation_count);

class Activations : public testing::TestWithParam<Case> {
  protected:
    static constexpr int rows = 50;
    static constexpr int units = 37;
    static constexpr int columns = padded(units);

    /// Every row and column another argument, −6 … 6, none of them zero; the padding filled with something.
    static float argument(int i, int j) {
        return j < units ? -6.0F + 12.0F * static_cast<float>(i * units + j) / (rows * units) + 1e-4F : 0.5F;
    }
    static std::vector<float> arguments() {
        std::vector<float> values;
        for (int i = 0; i < rows; ++i) {
            for (int j = 0; j < columns; ++j) {
                values.push_back(argument(i, j));
            }
        }
        return values;
    }

    OneSlot slot_{rows, units};
};

TEST_P(Activations, GiveValuesAndDerivatives) {
    slot_.row.settings.activation = GetParam().activation;
    const auto in = slot_.array(arguments());
    const DeviceArray<float> out{*slot_.backend, in.span().size()};
    slot_.run(Activate{{}, Phase::training, 0, matrix(in, rows, columns), matrix(out, rows, columns)});
    const auto derivatives = values(in);
    const auto results = values(out);
    for (int i = 0; i < rows; ++i) {
        for (int j = 0; j < units; ++j) {
            const double x = argument(i, j);
            const auto index = static_cast<std::size_t>(i * columns + j);
            const auto& f = GetParam().function;
            ASSERT_NEAR(results[index], f(x), 1.5e-6) << x;
            ASSERT_NEAR(derivatives[index], (f(x + 1e-6) - f(x - 1e-6)) / 2e-6, 1.5e-6) << x;
        }
    }
}

TEST_P(Activations, LeavePaddedUnitsAtZero) {
    slot_.row.settings.activation = GetParam().activation;
    const auto in = slot_.array(arguments());
    const DeviceArray<float> out{*slot_.backend, in.span().size()};
    slot_.run(Activate{{}, Phase::training, 0, matrix(in, rows, columns), matrix(out, rows, columns)});
    const auto derivatives = values(in);
    const auto results = values(out);
    for (int i = 0; i < rows; ++i) {
        for (int j = units; j < columns; ++j) {
            const auto index = static_cast<std::size_t>(i * columns + j);
            ASSERT_EQ(derivatives[index], 0.0F);
            ASSERT_EQ(results[index], 0.0F);
        }
    }
}

TEST_P(Activations, PassNotANumberOn) {
    slot_.row.settings.activation = GetParam().activation;
    const auto in = slot_.array(std::vector<float>(rows * columns, std::numeric_limits<float>::quiet_NaN()));
    const DeviceArray<float> out{*slot_.backend, in.span().size()};
    slot_.run(Activate{{}, Phase::validation, 0, matrix(in, rows, columns), matrix(out, rows, columns)});
    EXPECT_TRUE(std::isnan(values(out)[0]));
}

INSTANTIATE_TEST_SUITE_P(All, Activations, testing::ValuesIn(cases),
                         [](const auto& instance) { return instance.param.name; });

TEST(Activate, DropsTheSameUnitsFromValuesAndDerivatives) {
    OneSlot slot{20, 64};
    slot.row.settings.dropout = 0.5F;
    const auto in = slot.array(std::vector<float>(20 * 64, 1.0F));
    const DeviceArray<float> out{*slot.backend, 20 * 64};
    slot.run(Activate{{}, Phase::training, 0, matrix(in, 20, 64), matrix(out, 20, 64)});
    EXPECT_EQ(values(in), values(out));
    const auto results = values(out);
    const auto dropped = static_cast<int>(std::ranges::count(results, 0.0F));
    EXPECT_NEAR(dropped, 640, 90);
    EXPECT_EQ(std::ranges::count(results, 2.0F), 1280 - dropped);
}

TEST(Activate, DropsNothingInValidation) {
    OneSlot slot{4, 64};
    slot.row.settings.dropout = 0.5F;
    const auto in = slot.array(std::vector<float>(4 * 64, 1.0F));
    const DeviceArray<float> out{*slot.backend, 4 * 64};
    slot.run(Activate{{}, Phase::validation, 0, matrix(in, 4, 64), matrix(out, 4, 64)});
    EXPECT_EQ(values(out), std::vector<float>(4 * 64, 1.0F));
}

TEST(ActivateBackward, MultipliesByTheDerivatives) {
    OneSlot slot{1, 16};
    std::vector<float> factors(16);
    for (std::size_t i = 0; i < 16; ++i) {
        factors[i] = static_cast<float>(i);
    }
    const auto derivatives = slot.array(factors);
    const auto gradients = slot.array(std::vector<float>(16, 3.0F));
    slot.run(ActivateBackward{{}, 0, matrix<const float>(derivatives, 1, 16), matrix(gradients, 1, 16)});
    for (std::size_t i = 0; i < 16; ++i) {
        EXPECT_EQ(values(gradients)[i], 3.0F * static_cast<float>(i));
    }
}

}  // namespace
}  // namespace hpogrid::kernels
