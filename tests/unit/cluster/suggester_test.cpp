#include "engine/cluster/suggester.hpp"

#include <gtest/gtest.h>
#include <poll.h>

#include <atomic>
#include <chrono>
#include <stdexcept>
#include <thread>

namespace hpogrid::cluster {
namespace {

using optimizers::Observation;
using optimizers::Suggestion;

/// Suggests 0, 1, 2, … and checks that it is used as an optimiser wants to be used.
class CountingOptimizer final : public optimizers::Optimizer {
  public:
    explicit CountingOptimizer(std::int64_t size) : size_{size} {}

    std::vector<Suggestion> ask(std::size_t count) override {
        EXPECT_EQ(unconfirmed_, 0U) << "asked before all earlier suggestions were told back";
        std::vector<Suggestion> suggestions;
        while (suggestions.size() < count && next_ < size_) {
            suggestions.push_back({{space::Value{next_++}}, "count"});
        }
        unconfirmed_ = suggestions.size();
        return suggestions;
    }

    void tell(const Observation& observation) override {
        unconfirmed_ -= observation.kind == Observation::Kind::pending ? 1 : 0;
        ++told;
    }

    std::atomic<std::size_t> told{0};

  private:
    std::int64_t size_;
    std::int64_t next_{0};
    std::size_t unconfirmed_{0};
};

class ThrowingOptimizer final : public optimizers::Optimizer {
  public:
    std::vector<Suggestion> ask(std::size_t) override { throw std::runtime_error{"the model broke"}; }
    void tell(const Observation&) override {}
};

void wait_for(const Suggester& suggester) {
    pollfd entry{suggester.descriptor(), POLLIN, 0};
    ASSERT_EQ(::poll(&entry, 1, 10'000), 1) << "the suggester computed nothing in 10 s";
}

TEST(Suggester, DeliversWhatWasAskedForInOrder) {
    Suggester suggester{std::make_unique<CountingOptimizer>(1'000'000)};
    std::int64_t expected = 0;
    std::uint32_t trial = 0;
    for (std::size_t asked = 0; asked < 2000; asked += 5) {
        suggester.ask(2);
        suggester.ask(3);
        for (std::size_t received = 0; received < 5;) {
            wait_for(suggester);
            for (const study::Event& event : suggester.collect()) {
                const auto& suggested = std::get<study::Suggested>(event);
                EXPECT_EQ(std::get<std::int64_t>(suggested.point.at(0)), expected++);
                suggester.tell({Observation::Kind::pending, TrialId{trial++}, suggested.point});
                ++received;
            }
        }
    }
    EXPECT_EQ(expected, 2000);
}

TEST(Suggester, SaysOnceThatTheSpaceIsExhausted) {
    Suggester suggester{std::make_unique<CountingOptimizer>(3)};
    suggester.ask(5);
    wait_for(suggester);
    const auto events = suggester.collect();
    ASSERT_EQ(events.size(), 4U);
    EXPECT_TRUE(std::holds_alternative<study::SuggestionsExhausted>(events.back()));

    suggester.ask(5);
    std::this_thread::sleep_for(std::chrono::milliseconds{50});
    EXPECT_TRUE(suggester.collect().empty());
}

TEST(Suggester, TurnsAnExceptionOfTheOptimizerIntoAValue) {
    Suggester suggester{std::make_unique<ThrowingOptimizer>()};
    suggester.ask(1);
    wait_for(suggester);
    const auto events = suggester.collect();
    ASSERT_EQ(events.size(), 1U);
    EXPECT_TRUE(std::holds_alternative<study::SuggestionsExhausted>(events.front()));
    EXPECT_EQ(suggester.failure(), "the model broke");
}

TEST(Suggester, PassesOnTellsWithoutAsks) {
    auto optimizer = std::make_unique<CountingOptimizer>(3);
    const auto& told = optimizer->told;
    Suggester suggester{std::move(optimizer)};
    for (std::uint32_t trial = 0; trial < 100; ++trial) {
        suggester.tell({Observation::Kind::intermediate, TrialId{trial}, {}});
    }
    for (int tries = 0; told < 100 && tries < 1000; ++tries) {
        std::this_thread::sleep_for(std::chrono::milliseconds{1});
    }
    EXPECT_EQ(told, 100U);
}

TEST(Suggester, EndsWhileWorkIsWaiting) {
    for (int i = 0; i < 200; ++i) {
        Suggester suggester{std::make_unique<CountingOptimizer>(10)};
        suggester.ask(3);
        suggester.tell({Observation::Kind::intermediate, TrialId{0}, {}});
    }
}

}  // namespace
}  // namespace hpogrid::cluster
