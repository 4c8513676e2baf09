#include "engine/optimizers/learning_optimizer.hpp"

#include <algorithm>
#include <optional>
#include <utility>

namespace hpogrid::optimizers {

LearningOptimizer::LearningOptimizer(const OptimizerContext& context)
    : space_{context.space}, seed_{context.seed}, history_{context.space} {}

std::vector<Suggestion> LearningOptimizer::ask(std::size_t count) {
    std::vector<Suggestion> suggestions;
    while (suggestions.size() < count) {
        auto suggestion = next();
        if (!suggestion) {
            break;
        }
        history_.suggest(suggestion->point);
        suggestions.push_back(std::move(*suggestion));
    }
    return suggestions;
}

void LearningOptimizer::tell(const Observation& observation) {
    if (history_.tell(observation)) {
        learn(observation);
    }
}

std::optional<Suggestion> LearningOptimizer::next() {
    constexpr int most_proposals = 4;
    constexpr int most_draws = 64;
    RandomStream random{seed_, history_.next_index(), RandomPurpose::model};
    for (int attempt = 0; attempt < most_proposals + most_draws; ++attempt) {
        Suggestion suggestion = attempt < most_proposals ? propose(history_.next_index(), random) : draw(random);
        if (!history_.points().contains(suggestion.point)) {
            return suggestion;
        }
    }
    auto unlikely = history_.first_unknown();
    if (unlikely) {
        return Suggestion{std::move(*unlikely), "remaining"};
    }
    // In a space too large to go through, a duplicate does less harm than to call it exhausted.
    return history_.points().enumerable() ? std::nullopt : std::optional{draw(random)};
}

Suggestion LearningOptimizer::at(std::span<const double> unit, std::string origin) const {
    return {space_.decode(unit), std::move(origin)};
}

Suggestion LearningOptimizer::draw(RandomStream& random) const {
    std::vector<double> unit(space_.dimensions());
    std::ranges::generate(unit, [&] { return random.uniform(); });
    return at(unit, "random");
}

}  // namespace hpogrid::optimizers
