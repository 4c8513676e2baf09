#pragma once

#include "engine/core/random.hpp"
#include "engine/optimizers/evolution/category_distribution.hpp"
#include "engine/optimizers/evolution/cma_es.hpp"
#include "engine/optimizers/evolution/cube_dimension.hpp"
#include "engine/optimizers/evolution/evolution_strategy.hpp"

#include <cstddef>
#include <optional>
#include <span>
#include <vector>

namespace hpogrid::optimizers {

/// CMA-ES over the unit cube of a mixed search space.
///
/// - Real and ordered dimensions are coordinates of one normal distribution. A real coordinate that leaves the cube
///   comes back to the surface or is mirrored at it, by a coin, and is learnt from where it is then. Measured: drawing
///   again until all are inside, as other implementations do, never gets to a corner; moving all to the surface makes
///   the covariance collapse there; mirroring all meets the surface only in the limit.
/// - Ordered dimensions keep their marginal probability: Hamano, Saito, Nomura, Shirakawa, "CMA-ES with Margin", GECCO
///   2022 (arXiv:2205.13482), section 4.
/// - Categories have a distribution of their own, see CategoryDistribution.
///
/// Asynchronous: whatever was drawn or came from elsewhere is taken in when its score is there. A generation closes
/// when `population` scores have come in, whichever draws they belong to. So no draw waits for a slow trial, no result
/// is lost, and with one trial at a time it is the synchronous algorithm.
class MixedCma {
  public:
    struct Options {
        double sigma{1.0 / 6.0};    ///< in units of the cube
        std::size_t population{0};  ///< 0: the default of the cube's dimension
        bool margin{true};
        Covariance covariance{Covariance::full};
        /// Id of the first generation; members of earlier ones are not taken in.
        std::size_t first_generation{0};
    };

    /// `start`: [dimension] the first mean; of categorical dimensions it is ignored.
    MixedCma(std::vector<CubeDimension> dimensions, std::span<const double> start, const Options& options);

    /// The tag is the generation; `latent` where the normal distribution put the point, before ordered values were
    /// rounded, and the category of a categorical dimension, NaN where that is inactive.
    [[nodiscard]] Candidate sample(RandomStream& random) const;
    /// A point from elsewhere. `unit` and `active`: [dimension]. What its values leave open (the place within a cell,
    /// inactive dimensions) is drawn.
    [[nodiscard]] Candidate adopt(std::span<const double> unit, const std::vector<bool>& active,
                                  RandomStream& random) const;
    /// `score`: lower is better; infinite for a failure, which counts as worse than everything.
    void tell(Candidate candidate, double score);

    [[nodiscard]] std::size_t population() const noexcept { return population_; }
    [[nodiscard]] std::size_t generation() const noexcept { return generation_; }
    /// Whether this run has nothing left to give: see CmaEs::converged; also TolHistFun and Stagnation of Hansen,
    /// "Benchmarking a BI-Population CMA-ES on the BBOB-2009 Function Testbed", section 2.2.
    [[nodiscard]] bool stagnated() const;
    /// Probability that an ordered dimension leaves the cell of its mean, downwards or upwards.
    struct Tails {
        double low;
        double high;
    };
    [[nodiscard]] Tails tails(std::size_t dimension) const;
    /// The least probability of a neighbouring cell: 1/(n λ), halved where there is one to each side.
    [[nodiscard]] double margin() const;

  private:
    struct Scored {
        Candidate candidate;
        double score;
    };
    [[nodiscard]] Cell mean_cell(std::size_t numeric) const;
    [[nodiscard]] double deviation(std::size_t numeric) const;
    void close_generation();
    void correct_margin(std::size_t numeric);
    void remember_scores(std::span<const Scored> ranked);

    std::vector<CubeDimension> dimensions_;
    std::vector<std::size_t> numeric_;      ///< dimensions of the normal distribution
    std::vector<std::size_t> categorical_;  ///< the others
    std::size_t population_;
    std::size_t generation_;
    std::size_t first_generation_;
    bool keep_margin_;
    std::optional<CmaEs> normal_;  ///< nothing if all dimensions are categorical
    std::vector<double> stretch_;  ///< [numeric] A of the margin correction
    CategoryDistribution categories_;
    std::vector<double> weights_;        ///< [rank] positive part, for the categories
    std::vector<Scored> incoming_;       ///< of the open generation
    std::vector<double> best_scores_;    ///< [generation]
    std::vector<double> median_scores_;  ///< [generation]
};

}  // namespace hpogrid::optimizers
