#pragma once

#include <Eigen/Core>

namespace hpogrid::schedulers {

/// A Gaussian process over functions of x and of a state s of what is trained, that change with time, with mean 0: the
/// covariance of f(x, s, t) and f(x′, s′, t′) is amplitude · exp(−|x − x′|² / 2ℓ² − (s − s′)² / 2λ²) · (1 − ε)^(|t −
/// t′| / 2), so what was observed counts less the longer ago it was.
///
/// Source: Bogunovic, Scarlett and Cevher, "Time-Varying Gaussian Process Bandit Optimization", AISTATS 2016, as
/// Parker-Holder, Nguyen and Roberts, "Provably Efficient Online Hyperparameter Optimization with Population-Based
/// Bandits", NeurIPS 2020, use it; there λ = ℓ. Conditioning and likelihood: Rasmussen and Williams, "Gaussian
/// Processes for Machine Learning" (2006), algorithm 2.1 and equation 5.9.
class TimeVaryingProcess {
  public:
    struct Hyperparameters {
        double amplitude{1.0};
        double length_scale{1.0};  ///< ℓ
        double state_scale{5.0};   ///< λ
        double forgetting{0.1};    ///< ε, of one unit of time
        double noise{0.1};         ///< variance of the noise of an observation
    };

    struct Place {
        Eigen::VectorXd features;  ///< x. [feature]
        double state;
        double time;
    };
    /// Where the function is observed, and what it is there.
    struct Data {
        Eigen::MatrixXd features;  ///< [feature][observation]
        Eigen::VectorXd states;    ///< [observation]
        Eigen::VectorXd times;     ///< [observation]
        Eigen::VectorXd targets;   ///< standardised. [observation]
    };

    /// ln p(targets | hyperparameters) and its derivatives with respect to the logarithms of the hyperparameters, in
    /// their order; −∞ where it cannot be computed.
    struct Likelihood {
        double value;
        Eigen::Matrix<double, 5, 1> gradient;
    };
    [[nodiscard]] static Likelihood likelihood(const Data& data, const Hyperparameters& hyperparameters);
    /// The most likely hyperparameters that are found from `start`, within amplitude [0.01, 100], length-scale [0.05,
    /// 20], state scale [0.5, 20], forgetting [1e-5, 0.5] and noise [1e-4, 1].
    [[nodiscard]] static Hyperparameters fit(const Data& data, const Hyperparameters& start);

    /// The process given the data.
    TimeVaryingProcess(const Data& data, const Hyperparameters& hyperparameters);

    /// Counts the function at this place as known from now on, whatever it is: what is to be observed there is no
    /// longer in doubt, and the mean stays as it is. Source: Desautels, Krause and Burdick, "Parallelizing
    /// Exploration-Exploitation Tradeoffs in Gaussian Process Bandit Optimization", JMLR 15 (2014). O(n²)
    void imagine(const Place& place);

    struct Belief {
        double mean;
        double variance;                    ///< of the function without noise, above 0
        Eigen::VectorXd mean_gradient;      ///< [feature]
        Eigen::VectorXd variance_gradient;  ///< [feature]
    };
    [[nodiscard]] Belief predict(const Place& place) const;

  private:
    /// Of the function at this place and at all points. [point]
    [[nodiscard]] Eigen::VectorXd covariances(const Place& place) const;

    Hyperparameters hyperparameters_;
    Eigen::MatrixXd features_;  ///< with what is imagined. [feature][point]
    Eigen::VectorXd states_;    ///< [point]
    Eigen::VectorXd times_;     ///< [point]
    Eigen::VectorXd weights_;   ///< [observation]
    Eigen::MatrixXd factor_;    ///< lower triangle: the Cholesky factor of the covariance. [point][point]
};

}  // namespace hpogrid::schedulers
