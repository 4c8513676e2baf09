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
        centres.insert(entry);
        expected.insert(entry);
        if (trial % 3 == 0) {
            auto victim = expected.begin();
            std::advance(victim, static_cast<std::ptrdiff_t>(random.below(expected.size())));
            centres.erase(*victim);
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
