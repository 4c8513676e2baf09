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

/// What categories do by themselves, whatever the other parameters are: a share of the variance goes to a kernel that
/// is the fraction of these categories that two points have in common. The rest of the kernel sees only whole
/// combinations, and learns little from the first few dozen of them. A part of Ru et al., "Bayesian Optimisation over
/// Multiple Continuous and Categorical Inputs", ICML 2020, section 4.2.
struct MainEffects {
    double share{0.0};                  ///< of the variance, in [0, 1)
    std::size_t categories{0};          ///< how many parameters these are
    std::vector<std::size_t> features;  ///< their indicators: two different values at a squared distance of 1
};

/// A stationary kernel, amplitude · profile(r²), with r² = Σ ((a_f − b_f) / ℓ_group(f))². Features of one group share a
/// length-scale: one group in all is an isotropic kernel, one a feature is automatic relevance determination, and one
/// for the indicators of a category's values, each scaled by 1/√2, is a Hamming distance with a length-scale of its
/// own. Source of the profiles and derivatives: Rasmussen and Williams, "Gaussian Processes for Machine Learning"
/// (2006), section 4.2.1.
struct Kernel {
    Smoothness smoothness{Smoothness::matern52};
    std::vector<std::size_t> groups;  ///< [feature], numbers from 0 without gaps
    MainEffects main_effects{};

    [[nodiscard]] std::size_t group_count() const noexcept;
    /// 1/ℓ of each feature. [feature]
    [[nodiscard]] Eigen::VectorXd inverse_scales(const Hyperparameters& hyperparameters) const;
    /// What the profile gets of the amplitude.
    [[nodiscard]] double profile_amplitude(double amplitude) const noexcept {
        return (1.0 - main_effects.share) * amplitude;
    }
    /// Adds what main effects contribute to covariances between columns of `a` and `b`, features divided by their
    /// length-scales. `covariances` [a][b]
    void add_main_effects(const Eigen::VectorXd& inverse_scales, double amplitude,
                          const Eigen::Ref<const Eigen::MatrixXd>& a, const Eigen::Ref<const Eigen::MatrixXd>& b,
                          Eigen::Ref<Eigen::MatrixXd> covariances) const;
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
