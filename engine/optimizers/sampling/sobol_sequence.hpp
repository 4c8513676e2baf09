#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace hpogrid::optimizers {

/// A Sobol sequence in up to 256 dimensions, 32 bits, any point at once; scrambled unless asked otherwise. Dimensions
/// beyond 256 are filled with independent random numbers.
///
/// Scrambling is nested and uniform (Owen, "Randomly permuted (t,m,s)-nets and (t,s)-sequences", 1995), computed by the
/// hash of Laine and Karras in the form and with the constants of Burley, "Practical Hash-based Owen Scrambling", JCGT
/// 9 (2020), section 3. Every dimension has a key of its own.
class SobolSequence {
  public:
    enum class Scrambling { none, owen };

    SobolSequence(std::size_t dimensions, std::uint64_t seed, Scrambling scrambling = Scrambling::owen);

    /// Point number `index` of the sequence. `unit`: [dimension], each in [0, 1).
    void point(std::uint32_t index, std::span<double> unit) const;

  private:
    using Directions = std::array<std::uint32_t, 32>;
    std::vector<Directions> directions_;
    std::vector<std::uint32_t> keys_;
    std::size_t dimensions_;
    std::uint64_t seed_;
    Scrambling scrambling_;
};

}  // namespace hpogrid::optimizers
