#include "engine/optimizers/evolution/quadratic_model.hpp"

#include "engine/core/random.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <functional>
#include <utility>

namespace hpogrid::optimizers {
namespace {

using Function = std::function<double(const std::vector<double>&)>;

std::optional<std::vector<double>> minimum_of(const Function& function) {
    RandomStream random{1, 0, RandomPurpose::model};
    std::vector<std::pair<double, std::vector<double>>> sample;
    for (std::size_t i = 0; i < quadratic_sample(3); ++i) {
        std::vector<double> x(3);
        std::ranges::generate(x, [&] { return random.uniform(); });
        sample.emplace_back(function(x), x);
    }
    std::ranges::sort(sample);
    std::vector<std::vector<double>> points;
    std::vector<double> scores;
    for (const auto& [score, x] : sample) {
        points.push_back(x);
        scores.push_back(score);
    }
    return quadratic_minimum(points, scores);
}

TEST(QuadraticModel, FindsTheLowestPointOfAQuadraticFunction) {
    const auto lowest = minimum_of([](const std::vector<double>& x) {
        const double a = x[0] - 0.4;
        const double b = x[1] - 0.5;
        const double c = x[2] - 0.6;
        return 1e6 * (3 * a * a + b * b + 2 * c * c + a * b - b * c) - 7;
    });
    ASSERT_TRUE(lowest);
    EXPECT_NEAR((*lowest)[0], 0.4, 1e-9);
    EXPECT_NEAR((*lowest)[1], 0.5, 1e-9);
    EXPECT_NEAR((*lowest)[2], 0.6, 1e-9);
}

TEST(QuadraticModel, HasNoAnswerWhereThereIsNone) {
    EXPECT_FALSE(minimum_of([](const std::vector<double>&) { return 3.0; })) << "flat";
    EXPECT_FALSE(minimum_of([](const std::vector<double>& x) { return x[0] + x[1] + x[2]; })) << "no bottom";
    EXPECT_FALSE(minimum_of([](const std::vector<double>& x) { return x[0] * x[1] - x[2] * x[2]; })) << "a saddle";
}

}  // namespace
}  // namespace hpogrid::optimizers
