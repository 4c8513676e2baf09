#include "engine/optimizers/learning_optimizer.hpp"

#include <gtest/gtest.h>

#include <functional>
#include <nlohmann/json.hpp>
#include <set>
#include <utility>
#include <vector>

namespace hpogrid::optimizers {
namespace {

using Kind = Observation::Kind;

/// Proposes what it is told to, and counts what it learns.
class Scripted final : public LearningOptimizer {
  public:
    using Proposal = std::function<double(std::uint32_t index)>;
    Scripted(const OptimizerContext& context, Proposal proposal)
        : LearningOptimizer{context}, proposal_{std::move(proposal)} {}

    std::size_t learnt{0};
    std::size_t proposals{0};
    std::vector<std::size_t> pending_seen;

  private:
    Suggestion propose(std::uint32_t index, RandomStream& /*random*/) override {
        ++proposals;
        pending_seen.push_back(history().pending().size());
        return at(std::vector{proposal_(index)}, "scripted");
    }
    void learn(const Observation& /*observation*/) override { ++learnt; }

    Proposal proposal_;
};

class Frame : public testing::Test {
  protected:
    [[nodiscard]] static OptimizerContext context(const space::Space& space) {
        static const nlohmann::json none;
        return {.space = space, .parameters = none, .seed = 3};
    }
    const space::Space real_{{{"x", space::Uniform{0, 1}, {}}}};
    const space::Space four_{{{"x", space::UniformInt{0, 3}, {}}}};
};

TEST_F(Frame, ShowsEarlierSuggestionsOfABatchAsPending) {
    Scripted optimizer{context(real_), [](std::uint32_t index) { return 0.1 * index; }};
    EXPECT_EQ(optimizer.ask(3).size(), 3U);
    EXPECT_EQ(optimizer.pending_seen, (std::vector<std::size_t>{0, 1, 2}));
}

TEST_F(Frame, ReplacesAStubbornDuplicateByARandomPoint) {
    Scripted optimizer{context(real_), [](std::uint32_t) { return 1.0; }};
    const auto suggestions = optimizer.ask(2);
    ASSERT_EQ(suggestions.size(), 2U);
    EXPECT_EQ(suggestions[0].origin, "scripted");
    EXPECT_EQ(suggestions[1].origin, "random");
    EXPECT_NE(suggestions[0].point, suggestions[1].point);
    EXPECT_GT(optimizer.proposals, 2U) << "the algorithm had another chance";
}

TEST_F(Frame, EndsWhenEveryPointIsKnown) {
    Scripted optimizer{context(four_), [](std::uint32_t) { return 0.0; }};
    std::set<space::Point> points;
    for (const Suggestion& suggestion : optimizer.ask(10)) {
        points.insert(suggestion.point);
    }
    EXPECT_EQ(points.size(), 4U);
    EXPECT_TRUE(optimizer.ask(1).empty());
}

TEST_F(Frame, LearnsOnlyWhatIsNew) {
    Scripted optimizer{context(real_), [](std::uint32_t index) { return 0.1 * index; }};
    const auto suggestions = optimizer.ask(1);
    optimizer.tell({.kind = Kind::pending, .trial = TrialId{0}, .point = suggestions[0].point});
    EXPECT_EQ(optimizer.learnt, 0U) << "its own suggestion is no news";
    optimizer.tell({.kind = Kind::finished, .trial = TrialId{0}, .score = 1.0});
    optimizer.tell({.kind = Kind::finished, .trial = TrialId{9}, .score = 1.0});
    EXPECT_EQ(optimizer.learnt, 1U);
}

}  // namespace
}  // namespace hpogrid::optimizers
