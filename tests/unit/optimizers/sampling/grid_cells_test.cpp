#include "engine/optimizers/sampling/grid_cells.hpp"

#include "engine/core/error.hpp"

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>
#include <set>
#include <string>
#include <utility>
#include <vector>

namespace hpogrid::optimizers {
namespace {

using space::Categorical;
using space::Fixed;
using space::Point;
using space::Space;
using Which = GridCells::Which;

/// The configurations of all cells in the order of their visits.
std::vector<std::string> tour(const Space& space, GridCells& cells, std::size_t count) {
    std::vector<std::string> visited;
    for (std::size_t i = 0; i < count; ++i) {
        Point point = space.decode_unconditioned(std::vector<double>(space.dimensions(), 0.5));
        cells.enter_next(point);
        space.apply_conditions(point);
        cells.visit(point);
        visited.push_back(space.configuration(point).dump());
    }
    return visited;
}

TEST(GridCells, RunThroughTheLastParameterFastest) {
    const Space space{{{"a", Categorical{{1, 2}}, {}}, {"b", Categorical{{"x", "y"}}, {}}}};
    GridCells cells{space, Which::categorical};
    EXPECT_EQ(cells.size(), 4U);
    EXPECT_TRUE(cells.covers_space());
    EXPECT_EQ(tour(space, cells, 5),
              (std::vector<std::string>{R"({"a":1,"b":"x"})", R"({"a":1,"b":"y"})", R"({"a":2,"b":"x"})",
                                        R"({"a":2,"b":"y"})", R"({"a":1,"b":"x"})"}));
    EXPECT_EQ(cells.passes(), 1U);
}

TEST(GridCells, CrossOnlyMarkedCategoriesIfAskedTo) {
    const Space space{{{"a", Categorical{{1, 2, 3}, true}, {}}, {"b", Categorical{{"x", "y"}}, {}}}};
    const GridCells marked{space, Which::marked};
    EXPECT_EQ(marked.size(), 3U);
    EXPECT_FALSE(marked.covers_space());
    EXPECT_EQ((GridCells{space, Which::categorical}.size()), 6U);
}

TEST(GridCells, AreEmptyWithoutCategories) {
    const Space space{{{"a", space::Uniform{0, 1}, {}}, {"b", Categorical{{1, 2}}, {}}}};
    EXPECT_TRUE((GridCells{space, Which::marked}.empty()));
    EXPECT_FALSE((GridCells{space, Which::categorical}.empty()));
}

TEST(GridCells, CountOnceWhatDiffersOnlyInInactiveParameters) {
    const Space space{{{"c", Categorical{{1, 2}}, {{"b", {10}}}},
                       {"a", Categorical{{"x", "y"}}, {}},
                       {"b", Categorical{{10, 20, 30}}, {{"a", {"y"}}}}}};
    GridCells cells{space, Which::categorical};
    EXPECT_EQ(cells.size(), 1U + 2U + 2U);
    const auto visited = tour(space, cells, 5);
    EXPECT_EQ((std::set<std::string>(visited.begin(), visited.end()).size()), 5U);
    EXPECT_EQ(cells.passes(), 1U);
}

TEST(GridCells, KnowWhatAFixedParameterDecides) {
    const Space space{{{"mode", Fixed{"on"}, {}},
                       {"a", Categorical{{1, 2, 3}}, {{"mode", {"on"}}}},
                       {"b", Categorical{{"x", "y"}}, {{"a", {1}}}}}};
    EXPECT_EQ((GridCells{space, Which::categorical}.size()), 2U + 1U + 1U);
}

TEST(GridCells, KeepCellsWhoseConditionIsDrawn) {
    const Space space{{{"n", space::UniformInt{0, 1}, {}}, {"a", Categorical{{1, 2, 3}}, {{"n", {1}}}}}};
    GridCells cells{space, Which::categorical};
    EXPECT_EQ(cells.size(), 3U);
    // Without a value of its own, a point visits these cells in turn.
    const Point inactive = space.point({{"n", 0}});
    EXPECT_EQ(cells.visit(inactive), 0U);
    EXPECT_EQ(cells.visit(inactive), 1U);
    EXPECT_EQ(cells.visit(space.point({{"n", 1}, {"a", 3}})), 2U);
    EXPECT_EQ(cells.passes(), 1U);
}

TEST(GridCells, SkipWhatOthersVisitedAndComeBackToWhatTheyLeft) {
    const Space space{{{"a", Categorical{{0, 1, 2, 3}}, {}}}};
    GridCells cells{space, Which::categorical};
    cells.visit(space.point({{"a", 1}}));
    EXPECT_EQ(tour(space, cells, 2), (std::vector<std::string>{R"({"a":0})", R"({"a":2})"}));
    cells.leave(1);
    EXPECT_EQ(tour(space, cells, 2), (std::vector<std::string>{R"({"a":1})", R"({"a":3})"}));
    EXPECT_EQ(cells.passes(), 1U);
    cells.leave(2);
    EXPECT_EQ(cells.passes(), 0U);
    EXPECT_EQ(tour(space, cells, 2), (std::vector<std::string>{R"({"a":2})", R"({"a":0})"}));
}

TEST(GridCells, RefuseGridsBeyondAMillion) {
    std::vector<space::Parameter> parameters;
    const std::vector<nlohmann::json> digits{0, 1, 2, 3, 4, 5, 6, 7, 8, 9};
    for (const char* name : {"a", "b", "c", "d", "e", "f", "g"}) {
        parameters.push_back({name, Categorical{digits}, {}});
    }
    const Space space{std::move(parameters)};
    EXPECT_THROW((GridCells{space, Which::categorical}), InputError);
}

}  // namespace
}  // namespace hpogrid::optimizers
