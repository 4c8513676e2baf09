#include "engine/numerics/bounded_minimizer.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>

namespace hpogrid::numerics {
namespace {

using Eigen::VectorXd;

VectorXd vector(double a, double b) {
    return VectorXd{{a, b}};
}

double rosenbrock(const VectorXd& x, VectorXd& gradient) {
    const double a = 1.0 - x(0);
    const double b = x(1) - x(0) * x(0);
    gradient = vector(-2.0 * a - 400.0 * x(0) * b, 200.0 * b);
    return a * a + 100.0 * b * b;
}

TEST(BoundedMinimizer, FindsTheMinimumInside) {
    const Minimum minimum = minimize_bounded(rosenbrock, vector(-1.2, 1.0), vector(-5, -5), vector(5, 5),
                                             {.evaluations = 200, .iterations = 100});
    EXPECT_NEAR(minimum.x(0), 1.0, 1e-3);
    EXPECT_NEAR(minimum.x(1), 1.0, 1e-3);
    EXPECT_LT(minimum.evaluations, 200U);
}

TEST(BoundedMinimizer, StopsAtTheBoundsAndMovesStartsInside) {
    const Minimum minimum = minimize_bounded(rosenbrock, vector(-9, 9), vector(-2, -2), vector(0.5, 2), {});
    EXPECT_DOUBLE_EQ(minimum.x(0), 0.5);
    EXPECT_NEAR(minimum.x(1), 0.25, 1e-3);
}

TEST(BoundedMinimizer, KeepsToItsEvaluationsAndAnswersTheBestSeen) {
    double best = std::numeric_limits<double>::infinity();
    std::size_t calls = 0;
    const auto counted = [&](const VectorXd& x, VectorXd& gradient) {
        ++calls;
        const double value = rosenbrock(x, gradient);
        best = std::min(best, value);
        return value;
    };
    const Minimum minimum =
        minimize_bounded(counted, vector(-1.2, 1.0), vector(-5, -5), vector(5, 5), {.evaluations = 7});
    EXPECT_EQ(calls, 7U);
    EXPECT_EQ(minimum.evaluations, 7U);
    EXPECT_EQ(minimum.value, best);
}

TEST(BoundedMinimizer, TakesValuesThatAreNoNumbersForWalls) {
    const auto walled = [](const VectorXd& x, VectorXd& gradient) {
        gradient = vector(1.0 - 1.0 / x(0), 2.0 * x(1));
        return x(0) - std::log(x(0)) + x(1) * x(1);
    };
    const Minimum minimum = minimize_bounded(walled, vector(3.0, 1.0), vector(-10, -10), vector(10, 10), {});
    EXPECT_NEAR(minimum.x(0), 1.0, 1e-2);
}

TEST(BoundedMinimizer, EndsWhereNothingIsFinite) {
    const auto nowhere = [](const VectorXd&, VectorXd& gradient) {
        gradient = vector(std::nan(""), 0.0);
        return std::nan("");
    };
    const Minimum minimum = minimize_bounded(nowhere, vector(0.5, 0.5), vector(0, 0), vector(1, 1), {});
    EXPECT_EQ(minimum.x, vector(0.5, 0.5));
    EXPECT_EQ(minimum.value, std::numeric_limits<double>::infinity());
}

TEST(BoundedMinimizer, SurvivesGradientsThatLie) {
    const auto liar = [](const VectorXd& x, VectorXd& gradient) {
        gradient = vector(-2.0 * x(0), -2.0 * x(1));
        return x.squaredNorm();
    };
    const Minimum minimum = minimize_bounded(liar, vector(0.5, 0.5), vector(-1, -1), vector(1, 1), {});
    EXPECT_LE(minimum.value, 0.5);
}

TEST(BoundedMinimizer, HasNothingToDoWithoutDimensions) {
    const Minimum minimum = minimize_bounded(rosenbrock, VectorXd{}, VectorXd{}, VectorXd{}, {});
    EXPECT_EQ(minimum.evaluations, 0U);
}

}  // namespace
}  // namespace hpogrid::numerics
