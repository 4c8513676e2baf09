// Whether each sampling method has the distribution that the seed's table says. The distribution functions
// here are written down again, independently of the engine's.

#include "engine/core/random.hpp"
#include "engine/space/quantile.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <functional>
#include <limits>
#include <map>
#include <vector>

namespace hpogrid::space {
namespace {

using Distribution = std::function<double(double)>;

constexpr int draws = 20'000;

double number(const Value& value) {
    if (const auto* integer = std::get_if<std::int64_t>(&value)) {
        return static_cast<double>(*integer);
    }
    const auto* category = std::get_if<Category>(&value);
    return category != nullptr ? category->index : std::get<double>(value);
}

std::vector<double> sample(const SamplingMethod& method) {
    RandomStream stream{2024, static_cast<std::uint32_t>(method.index()), RandomPurpose::simulation};
    std::vector<double> values(draws);
    std::ranges::generate(values, [&] { return number(quantile(method, stream.uniform())); });
    return values;
}

/// Kolmogorov-Smirnov: √n · sup |F_n − F|. Above 1.95 once in a thousand times if F is right.
double kolmogorov(std::vector<double> values, const Distribution& distribution) {
    std::ranges::sort(values);
    const auto n = static_cast<double>(values.size());
    double largest = 0;
    for (std::size_t i = 0; i < values.size(); ++i) {
        const double f = distribution(values[i]);
        const auto below = static_cast<double>(i);
        largest = std::max({largest, f - below / n, (below + 1) / n - f});
    }
    return largest * std::sqrt(n);
}
constexpr double kolmogorov_limit = 1.95;

/// χ² of the values against their probabilities, over its 99.9 % quantile: above 1 once in a thousand times if those
/// are right. Rare values are counted together; infinite if something impossible was drawn.
double chi_square_ratio(const std::vector<double>& values, const std::map<double, double>& probabilities) {
    std::map<double, int> seen;
    for (const double value : values) {
        ++seen[value];
    }
    for (const auto& [value, count] : seen) {
        if (!probabilities.contains(value)) {
            return std::numeric_limits<double>::infinity();
        }
    }
    const auto n = static_cast<double>(values.size());
    double statistic = 0;
    double rare_expected = 0;
    double rare_seen = 0;
    double degrees = -1;
    const auto add = [&](double expected, double counted) {
        statistic += (counted - expected) * (counted - expected) / expected;
        ++degrees;
    };
    for (const auto& [value, probability] : probabilities) {
        const double counted = seen.contains(value) ? seen.at(value) : 0;
        if (n * probability < 10) {
            rare_expected += n * probability;
            rare_seen += counted;
        } else {
            add(n * probability, counted);
        }
    }
    if (rare_expected > 1) {
        add(rare_expected, rare_seen);
    }
    // Wilson and Hilferty's approximation of the quantile.
    const double spread = 2 / (9 * degrees);
    return statistic / (degrees * std::pow(1 - spread + 3.0902 * std::sqrt(spread), 3));
}

double phi(double z) {
    return (1 + std::erf(z / std::sqrt(2.0))) / 2;
}

Distribution uniform(double low, double high) {
    return [=](double x) { return std::clamp((x - low) / (high - low), 0.0, 1.0); };
}
Distribution log_uniform(double low, double high) {
    return [=](double x) { return x <= low ? 0.0 : std::min(1.0, std::log(x / low) / std::log(high / low)); };
}
Distribution normal(double mu, double sigma) {
    return [=](double x) { return phi((x - mu) / sigma); };
}
Distribution log_normal(double mu, double sigma, double base) {
    return [=](double x) { return x <= 0 ? 0.0 : phi((std::log(x) / std::log(base) - mu) / sigma); };
}

/// What rounding to multiples of q makes of a distribution, from step `first` to step `last`.
std::map<double, double> rounded(const Distribution& distribution, double q, int first, int last) {
    std::map<double, double> probabilities;
    for (int step = first; step <= last; ++step) {
        probabilities[step * q] = distribution((step + 0.5) * q) - distribution((step - 0.5) * q);
    }
    return probabilities;
}

TEST(Distribution, OfUniformIsFlat) {
    EXPECT_LT(kolmogorov(sample(Uniform{-2, 5}), uniform(-2, 5)), kolmogorov_limit);
}

TEST(Distribution, OfLogUniformIsFlatInTheLogarithmWhateverTheBase) {
    for (const double base : {2.0, 10.0, 0.5}) {
        EXPECT_LT(kolmogorov(sample(LogUniform{1e-5, 1e-2, base}), log_uniform(1e-5, 1e-2)), kolmogorov_limit);
    }
}

TEST(Distribution, OfNormalIsNormal) {
    EXPECT_LT(kolmogorov(sample(Normal{-1, 2.5}), normal(-1, 2.5)), kolmogorov_limit);
}

TEST(Distribution, OfLogNormalIsThePowerOfANormal) {
    for (const double base : {2.718281828459045, 10.0}) {
        EXPECT_LT(kolmogorov(sample(LogNormal{0.5, 0.8, base}), log_normal(0.5, 0.8, base)), kolmogorov_limit) << base;
    }
}

TEST(Distribution, OfLogNormalWithABaseBelowOneFallsWithTheExponent) {
    const auto growing = log_normal(0.5, 0.8, 0.5);
    EXPECT_LT(kolmogorov(sample(LogNormal{0.5, 0.8, 0.5}), [&](double x) { return 1 - growing(x); }), kolmogorov_limit);
}

TEST(Distribution, OfCategoricalGivesEachCategoryTheSameShare) {
    const std::map<double, double> probabilities{{0, 0.25}, {1, 0.25}, {2, 0.25}, {3, 0.25}};
    EXPECT_LT(chi_square_ratio(sample(Categorical{{"a", "b", "c", "d"}}), probabilities), 1);
}

TEST(Distribution, OfUniformIntIncludesBothEnds) {
    std::map<double, double> probabilities;
    for (int value = -3; value <= 9; ++value) {
        probabilities[value] = 1.0 / 13;
    }
    EXPECT_LT(chi_square_ratio(sample(UniformInt{-3, 9}), probabilities), 1);
}

TEST(Distribution, OfQUniformGivesHalfAShareToTheEdges) {
    const std::map<double, double> probabilities{{0, 0.125}, {0.5, 0.25}, {1, 0.25}, {1.5, 0.25}, {2, 0.125}};
    EXPECT_LT(chi_square_ratio(sample(QUniform{0, 2, 0.5}), probabilities), 1);
}

TEST(Distribution, OfQUniformGivesEdgesTheShareOfTheirInterval) {
    EXPECT_LT(chi_square_ratio(sample(QUniform{0.3, 9.7, 2}), rounded(uniform(0.3, 9.7), 2, 0, 5)), 1);
}

TEST(Distribution, OfQLogUniformIsTheRoundedLogUniform) {
    EXPECT_LT(chi_square_ratio(sample(QLogUniform{1, 100, 10, 5}), rounded(log_uniform(1, 100), 5, 0, 20)), 1);
}

TEST(Distribution, OfQNormalIsTheRoundedNormal) {
    EXPECT_LT(chi_square_ratio(sample(QNormal{1, 2, 0.5}), rounded(normal(1, 2), 0.5, -30, 40)), 1);
}

TEST(Distribution, OfQLogNormalIsTheRoundedLogNormal) {
    EXPECT_LT(chi_square_ratio(sample(QLogNormal{1, 0.3, 10, 2}), rounded(log_normal(1, 0.3, 10), 2, 0, 500)), 1);
}

// The statistics above would notice errors that are easily made.

TEST(DistributionStatistic, NoticesASlightlyWrongWidth) {
    EXPECT_GT(kolmogorov(sample(Normal{-1, 2.5}), normal(-1, 2.3)), kolmogorov_limit);
    EXPECT_GT(kolmogorov(sample(Uniform{-2, 5}), uniform(-2, 5.2)), kolmogorov_limit);
}

TEST(DistributionStatistic, NoticesExponentsTakenForValuesAndAMissingBase) {
    EXPECT_GT(kolmogorov(sample(LogUniform{1e-5, 1e-2, 10}), uniform(1e-5, 1e-2)), kolmogorov_limit);
    EXPECT_GT(kolmogorov(sample(LogNormal{0.5, 0.8, 10}), log_normal(0.5, 0.8, 2.718281828459045)), kolmogorov_limit);
}

TEST(DistributionStatistic, NoticesAnExcludedEnd) {
    std::map<double, double> with_end;
    std::map<double, double> without_end;
    for (int value = -3; value <= 9; ++value) {
        with_end[value] = 1.0 / 13;
        if (value < 9) {
            without_end[value] = 1.0 / 12;
        }
    }
    EXPECT_GT(chi_square_ratio(sample(UniformInt{-3, 8}), with_end), 1);
    EXPECT_GT(chi_square_ratio(sample(UniformInt{-3, 9}), without_end), 1);
}

TEST(DistributionStatistic, NoticesEdgesWithAFullShare) {
    const std::map<double, double> flat{{0, 0.2}, {0.5, 0.2}, {1, 0.2}, {1.5, 0.2}, {2, 0.2}};
    EXPECT_GT(chi_square_ratio(sample(QUniform{0, 2, 0.5}), flat), 1);
}

}  // namespace
}  // namespace hpogrid::space
