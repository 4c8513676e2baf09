#include "engine/optimizers/gaussian_process/kernel.hpp"

#include <gtest/gtest.h>

#include <cmath>

namespace hpogrid::optimizers {
namespace {

using Eigen::MatrixXd;
using Eigen::VectorXd;

constexpr Smoothness all[]{Smoothness::matern32, Smoothness::matern52, Smoothness::rbf};

double profile(Smoothness smoothness, double squared_distance, double amplitude = 1.0) {
    MatrixXd value = MatrixXd::Constant(1, 1, squared_distance);
    apply_profile(smoothness, amplitude, value);
    return value(0);
}

TEST(KernelProfile, HasItsClosedFormAtUnitDistance) {
    const double s3 = std::sqrt(3.0);
    const double s5 = std::sqrt(5.0);
    EXPECT_NEAR(profile(Smoothness::matern32, 1.0), (1 + s3) * std::exp(-s3), 1e-15);
    EXPECT_NEAR(profile(Smoothness::matern52, 1.0), (1 + s5 + 5.0 / 3.0) * std::exp(-s5), 1e-15);
    EXPECT_NEAR(profile(Smoothness::rbf, 1.0), std::exp(-0.5), 1e-15);
}

TEST(KernelProfile, IsTheAmplitudeAtDistanceZeroAndNothingFarAway) {
    for (const Smoothness smoothness : all) {
        EXPECT_EQ(profile(smoothness, 0.0, 2.5), 2.5);
        EXPECT_EQ(profile(smoothness, 1e300), 0.0);
    }
}

TEST(Kernel, GivesMainEffectsTheirShareByWhatCategoriesHaveInCommon) {
    // A number, a flag, and a category of three.
    const double half = std::sqrt(0.5);
    const MatrixXd points{{0.2, 0.9, 0.2}, {0, 1, 0}, {half, half, 0}, {0, 0, half}, {0, 0, 0}};
    const Kernel kernel{Smoothness::matern52, {0, 1, 2, 2, 2}, {0.4, 2, {1, 2, 3, 4}}};
    const VectorXd inverse_scales = kernel.inverse_scales({VectorXd{{0.5, 2.0, 3.0}}, 10.0, 0.1});
    const MatrixXd scaled = inverse_scales.asDiagonal() * points;
    MatrixXd covariances = MatrixXd::Constant(3, 3, 100.0);
    kernel.add_main_effects(inverse_scales, 10.0, scaled, scaled, covariances);
    EXPECT_NEAR(covariances(0, 0), 104.0, 1e-12);
    EXPECT_NEAR(covariances(0, 1), 102.0, 1e-12) << "the category in common";
    EXPECT_NEAR(covariances(0, 2), 102.0, 1e-12) << "the flag in common";
    EXPECT_NEAR(covariances(1, 2), 100.0, 1e-12);
    EXPECT_NEAR(kernel.profile_amplitude(10.0), 6.0, 1e-15);
}

TEST(KernelProfile, HasSlopesThatAgreeWithDifferences) {
    for (const Smoothness smoothness : all) {
        for (const double at : {1e-3, 0.3, 2.0, 30.0}) {
            MatrixXd value = MatrixXd::Constant(1, 1, at);
            MatrixXd slope(1, 1);
            apply_profile(smoothness, 1.7, value, slope);
            EXPECT_DOUBLE_EQ(value(0), profile(smoothness, at, 1.7));
            const double step = 1e-5 * at;
            const double difference =
                (profile(smoothness, at + step, 1.7) - profile(smoothness, at - step, 1.7)) / (2 * step);
            EXPECT_NEAR(slope(0), difference, 1e-6 * std::abs(difference) + 1e-12) << at;
        }
    }
}

TEST(KernelProfile, HasFiniteSlopesAtDistanceZero) {
    MatrixXd value = MatrixXd::Zero(1, 1);
    MatrixXd slope(1, 1);
    apply_profile(Smoothness::matern52, 1.0, value, slope);
    EXPECT_DOUBLE_EQ(value(0), 1.0);
    EXPECT_DOUBLE_EQ(slope(0), -5.0 / 6.0);
}

TEST(SquaredDistances, AgreeWithDifferencesAndAreNeverNegative) {
    const MatrixXd a = MatrixXd::Random(3, 5);
    const MatrixXd b = MatrixXd::Random(3, 4);
    MatrixXd distances(5, 4);
    squared_distances(a, b, distances);
    for (Eigen::Index i = 0; i < 5; ++i) {
        for (Eigen::Index j = 0; j < 4; ++j) {
            EXPECT_NEAR(distances(i, j), (a.col(i) - b.col(j)).squaredNorm(), 1e-14);
        }
    }
    MatrixXd own(5, 5);
    squared_distances(1e8 * a, 1e8 * a, own);
    EXPECT_GE(own.minCoeff(), 0.0);
}

TEST(KernelGroups, ShareLengthScales) {
    const Kernel kernel{Smoothness::rbf, {0, 1, 1}};
    EXPECT_EQ(kernel.group_count(), 2U);
    const Hyperparameters hyperparameters{VectorXd{{2.0, 4.0}}};
    EXPECT_EQ(kernel.inverse_scales(hyperparameters), (VectorXd{{0.5, 0.25, 0.25}}));
}

}  // namespace
}  // namespace hpogrid::optimizers
