#include "engine/optimizers/evolution/cma_es.hpp"

#include "tests/unit/optimizers/evolution/test_functions.hpp"

#include <gtest/gtest.h>

#include <Eigen/Eigenvalues>

#include <algorithm>
#include <array>
#include <limits>
#include <numeric>
#include <string>

namespace hpogrid::optimizers {
namespace {

using Function = double (*)(std::span<const double>);

/// Draws a generation and tells it back ranked. Answers its least value.
double generation(CmaEs& cma, Function function, RandomStream& random) {
    std::vector<std::pair<double, CmaMember>> members;
    for (std::size_t i = 0; i < cma.constants().weights.size(); ++i) {
        CmaMember member{cma.sample(random)};
        const double value = function(member.x);
        members.emplace_back(value, std::move(member));
    }
    std::ranges::stable_sort(members, {}, [](const auto& member) { return member.first; });
    std::vector<CmaMember> ranked;
    for (const auto& [value, member] : members) {
        ranked.push_back(member);
    }
    cma.update(ranked);
    return members.front().first;
}

/// Evaluations to a value of 1e-8, whole generations.
std::size_t evaluations_to_target(Function function, std::size_t dimensions, double start, std::uint32_t seed) {
    const std::size_t population = CmaConstants::default_population(dimensions);
    CmaEs cma{std::vector<double>(dimensions, start), {.sigma = 0.5, .population = population}};
    RandomStream random{seed, 0, RandomPurpose::model};
    std::size_t evaluations = 0;
    while (evaluations < 200'000) {
        evaluations += population;
        if (generation(cma, function, random) <= 1e-8) {
            return evaluations;
        }
    }
    return std::numeric_limits<std::size_t>::max();
}

struct Published {
    std::string name;
    Function function;
    double start;
    std::size_t dimensions;
    std::size_t evaluations;
};

// Median evaluations to 1e-8 of 11 runs of the author's own implementation (pycma 4.5.0 with its defaults, which are
// those of arXiv:1604.00772) from the same start with the same step 0.5. Its quartiles lie within 10 % of the median.
const std::array published{
    Published{"Sphere5", sphere, 1.0, 5, 624},
    Published{"Sphere10", sphere, 1.0, 10, 1360},
    Published{"Sphere20", sphere, 1.0, 20, 2508},
    Published{"Ellipsoid5", ellipsoid, 1.0, 5, 1432},
    Published{"Ellipsoid10", ellipsoid, 1.0, 10, 3970},
    Published{"Ellipsoid20", ellipsoid, 1.0, 20, 12888},
    Published{"Rosenbrock5", rosenbrock, 0.0, 5, 1608},
    Published{"Rosenbrock10", rosenbrock, 0.0, 10, 5190},
    Published{"Rosenbrock20", rosenbrock, 0.0, 20, 16008},
};

class CmaEsConverges : public testing::TestWithParam<Published> {};
const auto name_of = [](const auto& info) { return info.param.name; };
INSTANTIATE_TEST_SUITE_P(Functions, CmaEsConverges, testing::ValuesIn(published), name_of);

TEST_P(CmaEsConverges, InTheEvaluationsOfTheReference) {
    const auto& [name, function, start, dimensions, expected] = GetParam();
    // Runs in 20 dimensions are long.
    const std::uint32_t runs = dimensions < 20 ? 11 : 3;
    std::vector<std::size_t> evaluations;
    for (std::uint32_t seed = 1; seed <= runs; ++seed) {
        evaluations.push_back(evaluations_to_target(function, dimensions, start, seed));
    }
    std::ranges::sort(evaluations);
    EXPECT_LE(evaluations[runs / 2], expected * 115 / 100);
    EXPECT_GE(evaluations[runs / 2], expected * 85 / 100);
}

TEST(CmaConstants, HaveTheTutorialsDefaults) {
    // Dimension 10, λ = 10: worked out by hand from the equations.
    const CmaConstants constants{10, CmaConstants::default_population(10), Covariance::full};
    EXPECT_EQ(constants.weights.size(), 10U);
    EXPECT_EQ(constants.mu, 5U);
    EXPECT_NEAR(constants.weights[0], 0.4563, 1e-4);
    EXPECT_NEAR(constants.mu_eff, 3.1673, 1e-4);
    EXPECT_NEAR(constants.c_1, 0.015284, 1e-6);
    EXPECT_NEAR(constants.c_mu, 0.023552, 1e-6);
    EXPECT_NEAR(constants.c_sigma, 0.284429, 1e-6);
    EXPECT_NEAR(constants.c_c, 0.29499, 1e-5);
    const auto positive = constants.weights.begin() + static_cast<std::ptrdiff_t>(constants.mu);
    EXPECT_NEAR(std::accumulate(constants.weights.begin(), positive, 0.0), 1.0, 1e-12);
    EXPECT_TRUE(std::all_of(positive, constants.weights.end(), [](double weight) { return weight <= 0.0; }));
}

TEST(CmaConstants, AreSoundInEveryDimensionAndPopulation) {
    for (std::size_t dimensions = 1; dimensions <= 64; ++dimensions) {
        for (const std::size_t population : {1, 2, 3, 7, 50, 1000}) {
            for (const Covariance covariance : {Covariance::full, Covariance::diagonal}) {
                const CmaConstants constants{dimensions, population, covariance};
                EXPECT_GE(constants.c_1, 0.0);
                EXPECT_GE(constants.c_mu, -1e-15);
                EXPECT_LE(constants.c_1 + constants.c_mu, 1.0 + 1e-12);
                EXPECT_TRUE(std::ranges::all_of(constants.weights, [](double w) { return std::isfinite(w); }));
            }
        }
    }
}

TEST(CmaEs, LearnsTheShapeOfAnEllipsoid) {
    CmaEs cma{std::vector<double>(5, 1.0), {.sigma = 0.5, .population = 8}};
    RandomStream random{1, 0, RandomPurpose::model};
    for (int i = 0; i < 200; ++i) {
        generation(cma, ellipsoid, random);
    }
    // The covariance becomes the inverse Hessian up to a factor: 1 : 1e6 between the ends.
    const double ratio = cma.covariance()(0, 0) / cma.covariance()(4, 4);
    EXPECT_GT(ratio, 1e5);
    EXPECT_LT(ratio, 1e7);
}

TEST(CmaEs, LearnsVariancesAloneFasterWhereThatIsEnough) {
    const auto evaluations = [](Covariance covariance) {
        CmaEs cma{std::vector<double>(20, 1.0), {.sigma = 0.5, .population = 12, .covariance = covariance}};
        RandomStream random{1, 0, RandomPurpose::model};
        std::size_t count = 12;
        for (; generation(cma, ellipsoid, random) > 1e-8; count += 12) {
        }
        return count;
    };
    EXPECT_LT(2 * evaluations(Covariance::diagonal), evaluations(Covariance::full));
}

TEST(CmaEs, StaysPositiveDefiniteWhateverItIsTold) {
    for (const double scale : {0.0, 1e-300, 1.0, 1e100}) {
        CmaEs cma{std::vector<double>(6, 0.5), {.sigma = 0.2, .population = 9}};
        RandomStream random{2, 0, RandomPurpose::model};
        for (int i = 0; i < 300; ++i) {
            std::vector<CmaMember> same(9, CmaMember{std::vector<double>(6, scale), true});
            same[8].x[0] += scale;
            cma.update(same);
        }
        const Eigen::SelfAdjointEigenSolver<Eigen::MatrixXd> solver{cma.covariance()};
        EXPECT_GT(solver.eigenvalues().minCoeff(), 0.0) << scale;
        EXPECT_TRUE(cma.covariance().allFinite()) << scale;
        EXPECT_TRUE(std::ranges::all_of(cma.sample(random), [](double x) { return std::isfinite(x); })) << scale;
    }
}

TEST(CmaEs, DoesNotBlowUpAtAForeignPointFarAway) {
    CmaEs cma{std::vector<double>(4, 0.0), {.sigma = 1.0, .population = 8}};
    RandomStream random{3, 0, RandomPurpose::model};
    std::vector<CmaMember> ranked;
    ranked.push_back({std::vector<double>(4, 1e6), true});
    while (ranked.size() < 8) {
        ranked.push_back({cma.sample(random)});
    }
    cma.update(ranked);
    EXPECT_LT(cma.sigma(), 3.0);
    EXPECT_LT(std::abs(cma.mean(0)), 3.0);
}

TEST(CmaEs, KnowsWhenItHasConverged) {
    CmaEs cma{std::vector<double>(4, 0.5), {.sigma = 0.2, .population = 8}};
    RandomStream random{4, 0, RandomPurpose::model};
    int generations = 0;
    for (; !cma.converged() && generations < 2000; ++generations) {
        generation(cma, sphere, random);
    }
    EXPECT_GT(generations, 50);
    EXPECT_LT(generations, 2000);
}

}  // namespace
}  // namespace hpogrid::optimizers
