#pragma once

#include <Eigen/Core>

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace hpogrid::optimizers {

/// How smooth the functions are that a kernel believes in.
enum class Smoothness : std::uint8_t {
    matern32,  ///< (1 + ρ) e^−ρ, ρ = √3 r
    matern52,  ///< (1 + ρ + ρ²/3) e^−ρ, ρ = √5 r
    rbf,       ///< e^(−r²/2)
};

/// Hyperparameters of a stationary Gaussian process with noise. All positive.
struct Hyperparameters {
    Eigen::VectorXd length_scales;  ///< [group]
    double amplitude{1.0};          ///< prior variance of the function
    double noise{1e-6};             ///< variance of the noise of an observation
};

/// A stationary kernel, amplitude · profile(r²), with r² = Σ ((a_f − b_f) / ℓ_group(f))². Features of one group share a
/// length-scale: one group in all is an isotropic kernel, one a feature is automatic relevance determination, and one
/// for the indicators of a category's values, each scaled by 1/√2, is a Hamming distance with a length-scale of its
/// own. Source of the profiles and derivatives: Rasmussen and Williams, "Gaussian Processes for Machine Learning"
/// (2006), section 4.2.1.
struct Kernel {
    Smoothness smoothness{Smoothness::matern52};
    std::vector<std::size_t> groups;  ///< [feature], numbers from 0 without gaps

    [[nodiscard]] std::size_t group_count() const noexcept;
    /// 1/ℓ of each feature. [feature]
    [[nodiscard]] Eigen::VectorXd inverse_scales(const Hyperparameters& hyperparameters) const;
};

/// Squared distances between the columns of `a` [feature][i] and `b` [feature][j], by one matrix product: exact to
/// 1e-16 of the squared norms, never negative. [i][j]
void squared_distances(const Eigen::Ref<const Eigen::MatrixXd>& a, const Eigen::Ref<const Eigen::MatrixXd>& b,
                       Eigen::Ref<Eigen::MatrixXd> result);

/// Replaces squared distances by amplitude · profile.
void apply_profile(Smoothness smoothness, double amplitude, Eigen::Ref<Eigen::MatrixXd> squared_distances);
/// The same, and `slopes` becomes the derivative of that with respect to the squared distance.
void apply_profile(Smoothness smoothness, double amplitude, Eigen::Ref<Eigen::MatrixXd> squared_distances,
                   Eigen::Ref<Eigen::MatrixXd> slopes);

}  // namespace hpogrid::optimizers
