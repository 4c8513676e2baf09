#include "engine/optimizers/acquisition/criteria.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <functional>

namespace hpogrid::optimizers {
namespace {

/// Computed with 400 decimal digits.
struct Reference {
    double z;
    double log_improvement;
    double improvement_slope;
    double log_cdf;
    double cdf_slope;
};
constexpr Reference references[]{
    {-1e8, -5000000000000037.8, 100000000.00000002, -5000000000000019.3, 100000000.00000001},
    {-1e5, -5000000023.9447895, 100000.00002, -5000000012.431864, 100000.00001},
    {-1000, -500014.73445209116, 1000.001999994, -500007.82669481218, 1000.000999998},
    {-40, -808.29856835661996, 40.049906657648518, -804.60844201375379, 40.024968847207264},
    {-10.001, -55.563316909963882, 10.195364650203498, -53.241383739024042, 10.099083789477804},
    {-9.999, -55.542928143895928, 10.193401420008194, -53.221187552555521, 10.097102680233621},
    {-5, -16.74430116266099, 5.3618162412880885, -15.064998393988726, 5.1865039671258421},
    {-1.0001, -2.4853114564458834, 1.9043434317165274, -1.8411741625414108, 1.525215366979067},
    {-0.9999, -2.4849306021991763, 1.9041990361771942, -1.8408691354861396, 1.5250551865122074},
    {0, -0.91893853320467274, 1.2533141373155003, -0.69314718055994531, 0.79788456080286536},
    {1.5, 0.4248145567622593, 0.61020640367076151, -0.069143455612233983, 0.13878975045885076},
    {30, 3.4011973816621554, 0.033333333333333333, -4.9067139271481871e-198, 1.4736461348785475e-196},
};

TEST(Criteria, AgreeWithReferencesFarIntoTheTails) {
    for (const Reference& reference : references) {
        const auto near = [&](double value, double expected) {
            EXPECT_NEAR(value, expected, 1e-11 * std::abs(expected)) << reference.z;
        };
        near(log_improvement(reference.z).value, reference.log_improvement);
        near(log_improvement(reference.z).slope, reference.improvement_slope);
        near(log_normal_cdf(reference.z).value, reference.log_cdf);
        near(log_normal_cdf(reference.z).slope, reference.cdf_slope);
    }
}

TEST(Criteria, AreFiniteWhereNumbersEnd) {
    for (const double mean : {-1e12, 0.0, 1e12}) {
        for (const double deviation : {1e-9, 1.0, 1e9}) {
            for (const Criterion criterion :
                 {log_expected_improvement(mean, deviation, 0.0), log_probability_of_improvement(mean, deviation, 0.0),
                  expected_improvement(mean, deviation, 0.0), probability_of_improvement(mean, deviation, 0.0),
                  lower_confidence_bound(mean, deviation, 2.0)}) {
                EXPECT_TRUE(std::isfinite(criterion.value)) << mean << " " << deviation;
                EXPECT_TRUE(std::isfinite(criterion.mean_slope)) << mean << " " << deviation;
                EXPECT_TRUE(std::isfinite(criterion.deviation_slope)) << mean << " " << deviation;
            }
        }
    }
}

TEST(Criteria, HaveSlopesThatAgreeWithDifferences) {
    using Function = std::function<Criterion(double, double)>;
    const Function functions[]{
        [](double m, double d) { return expected_improvement(m, d, 0.3); },
        [](double m, double d) { return log_expected_improvement(m, d, 0.3); },
        [](double m, double d) { return probability_of_improvement(m, d, 0.3); },
        [](double m, double d) { return log_probability_of_improvement(m, d, 0.3); },
        [](double m, double d) { return lower_confidence_bound(m, d, 1.96); },
    };
    for (const Function& function : functions) {
        for (const double mean : {-1.0, 0.2, 3.0}) {
            for (const double deviation : {0.1, 0.7, 2.0}) {
                const Criterion exact = function(mean, deviation);
                constexpr double step = 1e-6;
                const double by_mean =
                    (function(mean + step, deviation).value - function(mean - step, deviation).value) / (2 * step);
                const double by_deviation =
                    (function(mean, deviation + step).value - function(mean, deviation - step).value) / (2 * step);
                EXPECT_NEAR(exact.mean_slope, by_mean, 1e-7 * (1 + std::abs(by_mean)));
                EXPECT_NEAR(exact.deviation_slope, by_deviation, 1e-6 * (1 + std::abs(by_deviation)));
            }
        }
    }
}

TEST(Criteria, AgreeWithTheirDefinitions) {
    // E max(b − f, 0) by the midpoint rule.
    const double mean = 0.4;
    const double deviation = 0.8;
    const double best = 0.1;
    double improvement = 0.0;
    double probability = 0.0;
    constexpr int steps = 200000;
    for (int i = 0; i < steps; ++i) {
        const double z = -10.0 + 20.0 * (i + 0.5) / steps;
        const double weight = std::exp(-0.5 * z * z) / std::sqrt(2.0 * M_PI) * 20.0 / steps;
        const double gain = best - (mean + deviation * z);
        improvement += weight * std::max(gain, 0.0);
        probability += gain > 0.0 ? weight : 0.0;
    }
    EXPECT_NEAR(expected_improvement(mean, deviation, best).value, improvement, 1e-8);
    EXPECT_NEAR(probability_of_improvement(mean, deviation, best).value, probability, 1e-4);
    EXPECT_DOUBLE_EQ(lower_confidence_bound(mean, deviation, 2.0).value, 1.2);
}

}  // namespace
}  // namespace hpogrid::optimizers
