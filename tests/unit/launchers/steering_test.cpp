#include "launchers/idds/steering.hpp"

#include "tests/unit/config/refusal.hpp"

#include <gmock/gmock.h>

#include <set>

namespace hpogrid::launchers {
namespace {

using config::refusal;
using nlohmann::json;
using testing::HasSubstr;
using testing::SizeIs;

class Steering : public ::testing::Test {
  protected:
    [[nodiscard]] SteeringPlan plan() const {
        return {.space = space_, .method = "random", .metric = "loss", .num_points = 3, .max_points = 10, .seed = 1};
    }
    [[nodiscard]] json next(const json& points, const SteeringPlan& plan) const {
        return next_points({{"points", points}, {"opt_space", nullptr}}, "in.json", plan);
    }

    space::Space space_{{{"x", space::Uniform{0, 1}, {}}, {"n", space::UniformInt{1, 2}, {}}}};
};

TEST_F(Steering, GivesAsManyPointsAsAreWanted) {
    const json points = next(json::array(), plan());
    ASSERT_THAT(points, SizeIs(3));
    for (const json& point : points) {
        EXPECT_TRUE(point.at("x").is_number_float());
        EXPECT_TRUE(point.at("n").is_number_integer());
    }
}

TEST_F(Steering, GivesNoMoreThanTheSearchHas) {
    json points = json::array();
    for (int i = 0; i < 8; ++i) {
        points.push_back({{{"x", 0.1 * i}, {"n", 1}}, nullptr});
    }
    EXPECT_THAT(next(points, plan()), SizeIs(2));
    points.push_back({{{"x", 0.9}, {"n", 1}}, 1.0});
    points.push_back({{{"x", 0.95}, {"n", 1}}, 1.0});
    EXPECT_THAT(next(points, plan()), SizeIs(0));
}

TEST_F(Steering, GoesOnWhereTheHistoryEndsAndGivesTheSameForTheSame) {
    json history = json::array();
    for (const json& point : next(json::array(), plan())) {
        history.push_back({point, 0.5});
    }
    const json more = next(history, plan());
    EXPECT_EQ(more, next(history, plan()));
    EXPECT_NE(more, next(json::array(), plan()));
    SteeringPlan other = plan();
    other.seed = 2;
    EXPECT_NE(more, next(history, other));
}

TEST_F(Steering, LearnsFromNumbersAndFromObjectsInEitherMode) {
    const auto centre = [&](study::Mode mode, bool as_object) {
        json history = json::array();
        for (int i = 0; i < 40; ++i) {
            const double x = i / 40.0;
            const json result = as_object ? json{{"accuracy", x}, {"loss", 0.0}} : json(x);
            history.push_back({{{"x", x}, {"n", 1 + i % 2}}, result});
        }
        SteeringPlan learning = plan();
        learning.method = "optuna";
        learning.metric = "accuracy";
        learning.mode = mode;
        learning.num_points = 20;
        learning.max_points = 100;
        double sum = 0;
        for (const json& point : next(history, learning)) {
            sum += point.at("x").get<double>();
        }
        return sum / 20;
    };
    for (const bool as_object : {false, true}) {
        EXPECT_LT(centre(study::Mode::minimize, as_object), 0.35) << as_object;
        EXPECT_GT(centre(study::Mode::maximize, as_object), 0.65) << as_object;
    }
}

TEST_F(Steering, EndsTheSearchWhenTheSpaceIsExhausted) {
    const space::Space small{{{"n", space::UniformInt{1, 2}, {}}}};
    const SteeringPlan all{
        .space = small, .method = "random", .metric = "loss", .num_points = 5, .max_points = 10, .seed = 1};
    EXPECT_THAT(next_points({{"points", json::array()}}, "in.json", all), SizeIs(2));
    const json known = {{{{"n", 1}}, 0.5}, {{{"n", 2}}, nullptr}};
    EXPECT_THAT(next_points({{"points", known}}, "in.json", all), SizeIs(0));
}

TEST_F(Steering, RefusesWhatIsNoHistoryOfThisSearch) {
    EXPECT_THAT(refusal([&] { return next_points(json::array(), "in.json", plan()); }),
                HasSubstr("in.json: is no history of points"));
    EXPECT_THAT(refusal([&] { return next({1}, plan()); }), HasSubstr("in.json: points[0] is 1"));
    EXPECT_THAT(refusal([&] {
                    return next({{{{"x", 7}, {"n", 1}}, 1.0}}, plan());
                }),
                HasSubstr("in.json: points[0]: "));
    SteeringPlan unknown = plan();
    unknown.method = "psychic";
    EXPECT_THAT(refusal([&] { return next(json::array(), unknown); }), HasSubstr("'psychic' is unknown"));
}

}  // namespace
}  // namespace hpogrid::launchers
