#include "engine/optimizers/evolution/meta_model.hpp"

#include "tests/unit/optimizers/evolution/strategy_driver.hpp"
#include "tests/unit/optimizers/evolution/test_functions.hpp"

#include <gtest/gtest.h>

namespace hpogrid::optimizers {
namespace {

TEST(MetaModel, NeedsFarFewerEvaluationsThanCmaEsWhereTheFunctionIsQuadratic) {
    const space::Space space = real_space(4);
    const auto function = [](std::span<const double> unit) {
        std::vector<double> x(unit.begin(), unit.end());
        std::ranges::for_each(x, [](double& value) { value -= 0.4; });
        return ellipsoid(x);
    };
    MetaModel with{cube_dimensions(space), {}, 1};
    CmaStrategy without{cube_dimensions(space), std::vector<double>(4, 0.5), {}};
    const double best = best_of(with, function, 200);
    EXPECT_LT(100 * best, best_of(without, function, 200));
}

TEST(MetaModel, ToleratesFailuresAndParallelTrials) {
    const space::Space space = real_space(3);
    MetaModel strategy{cube_dimensions(space), {}, 8};
    const auto function = [](std::span<const double> unit) {
        return unit[0] > 0.6 ? std::numeric_limits<double>::infinity() : offset_sphere(unit);
    };
    EXPECT_LT(best_of(strategy, function, 400, 8), 1e-4);
}

}  // namespace
}  // namespace hpogrid::optimizers
