// A bracket of successive halving in slots that are refilled as trials stop, against static gangs of slots:
// slot-epochs, and slot-seconds of one thread's processor time, the medians of several rounds in turn.
#include <algorithm>
#include <cstdio>
#include <ctime>
#include <iterator>
#include <random>
#include <vector>

#include "tests/support/halving_bracket.hpp"

namespace {

using namespace hpogrid::kernels;
using Contest = bracket::Outcome (*)(BatchTrainer&);

constexpr int rows = 4000;
constexpr int features = 30;
constexpr int rounds = 5;

Table two_clouds() {
    std::mt19937 generator{1};
    std::normal_distribution<float> normal;
    Table table;
    table.features = features;
    for (int row = 0; row < rows; ++row) {
        table.labels.push_back(static_cast<float>(row % 2));
        std::generate_n(std::back_inserter(table.values), features,
                        [&] { return normal(generator) + 0.3F * static_cast<float>(row % 2); });
    }
    return table;
}

struct Cost {
    int slot_epochs;
    double slot_seconds;
};

Cost cost_of(Contest contest, const Table& table) {
    BatchTrainer trainer{make_host_backend(1), table, single_split(rows, rows / 5), {bracket::slots, 256}};
    const std::clock_t begin = std::clock();
    const bracket::Outcome outcome = contest(trainer);
    const auto elapsed = static_cast<double>(std::clock() - begin) / CLOCKS_PER_SEC;
    return {outcome.slot_epochs, bracket::slots * elapsed};
}

double median_seconds(std::vector<Cost> costs) {
    std::ranges::sort(costs, {}, &Cost::slot_seconds);
    return costs[costs.size() / 2].slot_seconds;
}

}  // namespace

int main() {
    const Table table = two_clouds();
    std::vector<Cost> refilled;
    std::vector<Cost> gangs;
    for (int round = 0; round < rounds; ++round) {
        refilled.push_back(cost_of(&bracket::with_refilled_slots, table));
        gangs.push_back(cost_of(&bracket::with_static_gangs, table));
    }
    const double refilled_seconds = median_seconds(refilled);
    const double gang_seconds = median_seconds(gangs);
    std::printf(
        "Bracket of %d trials, eta 3, in %d slots, refilled against static: %d of %d slot-epochs (%.2f), "
        "%.2f of %.2f slot-seconds (%.2f)\n",
        bracket::trials, bracket::slots, refilled[0].slot_epochs, gangs[0].slot_epochs,
        static_cast<double>(refilled[0].slot_epochs) / gangs[0].slot_epochs, refilled_seconds, gang_seconds,
        refilled_seconds / gang_seconds);
}
