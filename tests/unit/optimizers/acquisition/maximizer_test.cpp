#include "engine/optimizers/acquisition/maximizer.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <functional>
#include <limits>
#include <utility>

namespace hpogrid::optimizers {
namespace {

using Eigen::Index;
using Eigen::MatrixXd;
using Eigen::VectorXd;

/// −|feature − peak|², or whatever is given for the value.
class Peak final : public Acquisition {
  public:
    explicit Peak(VectorXd peak, bool smooth = true) : peak_{std::move(peak)}, smooth_{smooth} {}

    VectorXd values(const Eigen::Ref<const MatrixXd>& features) const override {
        return -(features.colwise() - peak_).colwise().squaredNorm();
    }
    bool smooth() const noexcept override { return smooth_; }
    double value_and_gradient(const VectorXd& feature, VectorXd& gradient) const override {
        EXPECT_TRUE(smooth_);
        gradient = -2.0 * (feature - peak_);
        return -(feature - peak_).squaredNorm();
    }

  private:
    VectorXd peak_;
    bool smooth_;
};

class NowhereFinite final : public Acquisition {
  public:
    VectorXd values(const Eigen::Ref<const MatrixXd>& features) const override {
        return VectorXd::Constant(features.cols(), std::numeric_limits<double>::quiet_NaN());
    }
    bool smooth() const noexcept override { return false; }
    double value_and_gradient(const VectorXd&, VectorXd&) const override { return 0.0; }
};

class Maximizer : public testing::Test {
  protected:
    const space::Space mixed_{{{"x", space::Uniform{0, 1}, {}},
                               {"n", space::UniformInt{1, 10}, {}},
                               {"c", space::Categorical{{"a", "b", "c", "d"}}, {}},
                               {"m", space::UniformInt{0, 999}, {}}}};
    const FeatureMap map_{mixed_};
    RandomStream random_{5, 0, RandomPurpose::model};

    /// x = 0.123, n = 7, c = "c", m = 431
    [[nodiscard]] VectorXd peak() const { return VectorXd{{0.123, 0.65, 0.0, 0.0, std::sqrt(0.5), 0.0, 0.4315}}; }
    static constexpr std::size_t few = 16;
    [[nodiscard]] static MaximizerLimits limits() { return {.quasi_random = few, .mutations = 0, .starts = 2}; }
};

TEST_F(Maximizer, ClimbsToThePeakOfAMixedSpace) {
    const KnownPoints known{mixed_};
    const auto proposals = maximize(Peak{peak()}, map_, known, {}, random_, limits());
    ASSERT_FALSE(proposals.empty());
    const space::Point& point = proposals.front().point;
    EXPECT_NEAR(std::get<double>(point[0]), 0.123, 1e-4);
    EXPECT_EQ(point[1], space::Value{std::int64_t{7}});
    EXPECT_EQ(point[2], space::Value{space::Category{2}});
    EXPECT_EQ(point[3], space::Value{std::int64_t{431}});
    EXPECT_EQ(mixed_.decode(proposals.front().unit), point);
}

TEST_F(Maximizer, ClimbsWithoutGradients) {
    const KnownPoints known{mixed_};
    MaximizerLimits more = limits();
    more.local.rounds = 20;
    const auto proposals = maximize(Peak{peak(), false}, map_, known, {}, random_, more);
    ASSERT_FALSE(proposals.empty());
    EXPECT_EQ(proposals.front().point[2], space::Value{space::Category{2}});
    EXPECT_GT(proposals.front().value, -1e-3);
}

TEST_F(Maximizer, AnswersDifferentUnknownPointsBestFirst) {
    const space::Space finite{{{"n", space::UniformInt{0, 5}, {}}, {"b", space::Categorical{{1, 2}}, {}}}};
    const FeatureMap map{finite};
    KnownPoints known{finite};
    const space::Point best{std::int64_t{2}, space::Category{1}};
    known.add(best);
    const auto proposals = maximize(Peak{VectorXd{{2.5 / 6.0, 1.0}}}, map, known, {}, random_, limits());
    ASSERT_GE(proposals.size(), 3U);
    for (std::size_t i = 0; i < proposals.size(); ++i) {
        EXPECT_NE(proposals[i].point, best);
        for (std::size_t j = 0; j < i; ++j) {
            EXPECT_NE(proposals[i].point, proposals[j].point);
            EXPECT_LE(proposals[i].value, proposals[j].value);
        }
    }
}

TEST_F(Maximizer, StaysInItsRegion) {
    const KnownPoints known{mixed_};
    const SearchRegion region{{0.5, 0.0, 0.0, 0.6}, {0.7, 0.3, 1.0, 0.8}};
    const std::vector<std::vector<double>> anchors{{0.6, 0.15, 0.1, 0.7}};
    MaximizerLimits more = limits();
    more.mutations = 50;
    more.results = 60;
    for (const ProposedPoint& proposal : maximize(Peak{peak()}, map_, known, anchors, random_, more, region)) {
        const auto x = std::get<double>(proposal.point[0]);
        EXPECT_TRUE(x >= 0.5 && x <= 0.7) << x;
        const auto n = std::get<std::int64_t>(proposal.point[1]);
        EXPECT_TRUE(n >= 1 && n <= 4) << n;
        const auto m = std::get<std::int64_t>(proposal.point[3]);
        EXPECT_TRUE(m >= 600 && m <= 800) << m;
    }
}

TEST_F(Maximizer, VariesItsAnchors) {
    const KnownPoints known{mixed_};
    std::vector<double> anchor(4);
    mixed_.encode({0.123, std::int64_t{7}, space::Category{2}, std::int64_t{431}}, anchor);
    const MaximizerLimits only_mutations{.quasi_random = 0, .mutations = 64, .starts = 0};
    const std::vector<std::vector<double>> anchors{anchor};
    const auto proposals = maximize(Peak{peak()}, map_, known, anchors, random_, only_mutations);
    ASSERT_FALSE(proposals.empty());
    EXPECT_GT(proposals.front().value, -0.1);
}

TEST_F(Maximizer, MovesOnlyWhatIsActive) {
    const space::Space conditional{
        {{"c", space::Categorical{{"off", "on"}}, {}}, {"x", space::Uniform{0, 1}, {{"c", {"on"}}}}}};
    const FeatureMap map{conditional};
    const KnownPoints known{conditional};
    const auto on = maximize(Peak{VectorXd{{1.0, 0.9}}}, map, known, {}, random_, limits());
    EXPECT_NEAR(std::get<double>(on.front().point[1]), 0.9, 1e-4);
    const auto off = maximize(Peak{VectorXd{{0.0, 0.5}}}, map, known, {}, random_, limits());
    EXPECT_EQ(off.front().point, (space::Point{space::Category{0}, space::Inactive{}}));
}

TEST_F(Maximizer, AnswersNothingWhereNothingIsFinite) {
    const KnownPoints known{mixed_};
    EXPECT_TRUE(maximize(NowhereFinite{}, map_, known, {}, random_, limits()).empty());
}

}  // namespace
}  // namespace hpogrid::optimizers
