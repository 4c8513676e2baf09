#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace hpogrid::optimizers {

/// All ways to pick one option a list, from the highest sum of scores down: what an algorithm that chooses every
/// parameter by itself would propose next if its first choice were forbidden.
class RankedCombinations {
  public:
    using Picks = std::vector<std::uint32_t>;  ///< index of the option of each list

    /// `scores`: [list][option], finite, descending in each list, no list empty; must outlive this.
    explicit RankedCombinations(std::span<const std::vector<double>> scores);

    /// False when all have been given.
    [[nodiscard]] bool next(Picks& picks);

  private:
    struct Node {
        double sum;
        Picks picks;
        std::size_t last;  ///< the list in which it differs from the node that it came from
        bool operator<(const Node& other) const noexcept { return sum < other.sum; }
    };
    std::span<const std::vector<double>> scores_;
    std::vector<Node> heap_;
};

}  // namespace hpogrid::optimizers
