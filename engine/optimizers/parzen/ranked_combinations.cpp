#include "engine/optimizers/parzen/ranked_combinations.hpp"

#include <algorithm>
#include <utility>

namespace hpogrid::optimizers {

RankedCombinations::RankedCombinations(std::span<const std::vector<double>> scores) : scores_{scores} {
    Node best{0.0, Picks(scores.size(), 0), 0};
    for (const std::vector<double>& list : scores) {
        best.sum += list.front();
    }
    heap_.push_back(std::move(best));
}

bool RankedCombinations::next(Picks& picks) {
    if (heap_.empty()) {
        return false;
    }
    std::pop_heap(heap_.begin(), heap_.end());
    const Node node = std::move(heap_.back());
    heap_.pop_back();
    picks = node.picks;
    // Going down only in the list that was last touched and in later ones reaches every combination once.
    for (std::size_t list = node.last; list < scores_.size(); ++list) {
        const std::uint32_t option = node.picks[list] + 1;
        if (option < scores_[list].size()) {
            Node worse{node.sum + scores_[list][option] - scores_[list][option - 1], node.picks, list};
            worse.picks[list] = option;
            heap_.push_back(std::move(worse));
            std::push_heap(heap_.begin(), heap_.end());
        }
    }
    return true;
}

}  // namespace hpogrid::optimizers
