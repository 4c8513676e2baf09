#include "engine/optimizers/parzen/sorted_centres.hpp"

#include "engine/core/random.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <set>
#include <vector>

namespace hpogrid::optimizers {
namespace {

using Entry = SortedCentres::Entry;

TEST(SortedCentresTest, KeepsOrderThroughInsertionsAndRemovals) {
    SortedCentres centres;
    std::set<Entry> expected;
    RandomStream random{5, 0, RandomPurpose::simulation};
    for (std::uint32_t trial = 0; trial < 500; ++trial) {
        // Few different centres: many equal ones.
        const Entry entry{static_cast<double>(random.below(40)), trial};
        const std::size_t at = centres.insert(entry);
        EXPECT_EQ(centres.entries()[at], entry);
        expected.insert(entry);
        if (trial % 3 == 0) {
            auto victim = expected.begin();
            std::advance(victim, static_cast<std::ptrdiff_t>(random.below(expected.size())));
            EXPECT_EQ(centres.position(*victim), std::distance(expected.begin(), victim));
            EXPECT_EQ(centres.erase(*victim), std::distance(expected.begin(), victim));
            expected.erase(victim);
        }
    }
    std::vector<Entry> many;
    for (std::uint32_t trial = 500; trial < 700; ++trial) {
        many.push_back({random.uniform() * 40, trial});
        expected.insert(many.back());
    }
    centres.insert(many);
    EXPECT_TRUE(std::ranges::equal(centres.entries(), expected));
}

}  // namespace
}  // namespace hpogrid::optimizers
