#pragma once

#include "engine/optimizers/evolution/evolution_strategy.hpp"

#include <Eigen/Core>

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

namespace hpogrid::optimizers {

/// Powell's COBYLA inside a box and without other constraints: a simplex of d + 1 points, the linear function through
/// them, steps down its gradient of length ρ, points that keep the simplex well shaped, and a smaller ρ when neither
/// helps. It is strong where there are few evaluations a dimension. When ρ has got small, a new simplex starts around
/// the best point, with axes of random sign.
/// Source: Powell, "A direct search optimization method that models the objective and constraint functions by linear
/// interpolation", 1994, sections 2 to 4; α, β, γ, δ and the rule for ρ are his. The first ρ is a sixth of the cube and
/// the first point the middle, as in nevergrad's Cobyla, which has no last ρ; here it is 1e-9.
///
/// Sequential by nature: there is one next point. More trials at once, and attempts after a duplicate, are drawn around
/// it. The first of them to end stands for it; all others enter the simplex when they are the best.
class LinearTrustRegion final : public EvolutionStrategy {
  public:
    explicit LinearTrustRegion(std::size_t dimensions, std::uint64_t seed);

    [[nodiscard]] Candidate ask(std::uint32_t index, unsigned attempt, RandomStream& random) const override;
    [[nodiscard]] Candidate adopt(std::span<const double> unit, const std::vector<bool>& active,
                                  RandomStream& random) const override;
    void tell(const Candidate& candidate, double score) override;

    [[nodiscard]] double radius() const noexcept { return radius_; }

  private:
    struct Vertex {
        Eigen::VectorXd x;
        double score;
    };
    enum class Purpose { vertex, descent, geometry };

    [[nodiscard]] const Vertex& best() const { return vertices_.front(); }
    void insert_first(Vertex vertex);
    void take_descent(Vertex vertex);
    void plan();
    void plan_vertex();
    /// Whether the simplex supports its linear function: Powell's conditions on lengths and heights.
    [[nodiscard]] bool plan_geometry();
    /// Whether there is a way down.
    [[nodiscard]] bool plan_descent();
    void shrink();
    void begin_again();
    [[nodiscard]] Eigen::MatrixXd edges() const;
    /// Half of how much higher the highest vertex is than the best.
    [[nodiscard]] double highest_rise() const;
    /// Half of how much higher the other vertices are, in units of that: scores may be too large to be squared.
    [[nodiscard]] Eigen::VectorXd rises() const;
    /// Which vertex this one replaces, if any: Powell's rule after a step.
    [[nodiscard]] std::optional<std::size_t> vertex_to_drop(const Vertex& vertex) const;

    Eigen::Index dimensions_;
    std::uint64_t seed_;
    std::uint32_t rounds_{0};
    double radius_;
    std::vector<Vertex> vertices_;  ///< the best first; d + 1 when complete
    std::vector<double> signs_;     ///< of the first edges
    Eigen::VectorXd next_;
    Purpose purpose_{Purpose::vertex};
    std::size_t dropped_{0};     ///< vertex that a `geometry` point replaces
    double predicted_{0.0};      ///< fall that the linear function promises at a `descent`, as rises()
    bool after_descent_{false};  ///< the last descent did not help: look at the geometry
    std::size_t plan_number_{0};
    double worst_{0.0};  ///< highest finite score so far: what a failure counts as
};

}  // namespace hpogrid::optimizers
