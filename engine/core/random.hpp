#pragma once

#include <array>
#include <cstdint>

namespace hpogrid {

/// One block of Philox4x32-10: 128 random bits as a pure function of counter and key.
/// Source: Salmon, Moraes, Dror, Shaw, "Parallel random numbers: as easy as 1, 2, 3", SC11, section 3.
[[nodiscard]] std::array<std::uint32_t, 4> philox4x32(std::array<std::uint32_t, 4> counter,
                                                      std::array<std::uint32_t, 2> key) noexcept;

/// What a stream of random numbers is for. Streams of different purposes are independent.
/// The values are part of reproducibility: append, never renumber.
enum class RandomPurpose : std::uint32_t {
    suggestion = 0,  ///< drawing a point of the search space
    scrambling = 1,  ///< scrambling of a quasi-random sequence
    trial_seed = 2,  ///< the seed that a training script is given
    scheduler = 3,   ///< random choices of a scheduler
    model = 4,       ///< fits and acquisition searches of model-based optimisers
    simulation = 5,  ///< simulated clusters in tests
    restart = 6,     ///< where and how an evolutionary method begins again
};

/// A reproducible stream of random numbers keyed by (study seed, index, purpose): the numbers that belong to trial 7
/// are the same whatever ran before it, on any machine. Copies continue independently from the same place.
/// Satisfies UniformRandomBitGenerator.
class RandomStream {
  public:
    using result_type = std::uint64_t;

    RandomStream(std::uint64_t seed, std::uint32_t index, RandomPurpose purpose) noexcept;

    [[nodiscard]] static constexpr result_type min() noexcept { return 0; }
    [[nodiscard]] static constexpr result_type max() noexcept { return ~result_type{0}; }
    result_type operator()() noexcept;

    /// Uniform in the open interval (0, 1), 52 bits.
    [[nodiscard]] double uniform() noexcept;
    /// Standard normal (Box-Muller).
    [[nodiscard]] double normal() noexcept;
    /// Uniform in {0, …, count − 1} without modulo bias. \pre count > 0
    [[nodiscard]] std::uint64_t below(std::uint64_t count) noexcept;

  private:
    std::array<std::uint32_t, 2> key_;
    std::array<std::uint32_t, 4> counter_;
    std::array<std::uint32_t, 4> block_{};
    unsigned used_{4};
};

}  // namespace hpogrid
