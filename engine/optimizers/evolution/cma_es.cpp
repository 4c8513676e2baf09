#include "engine/optimizers/evolution/cma_es.hpp"

#include <Eigen/Eigenvalues>

#include <algorithm>
#include <cmath>

namespace hpogrid::optimizers {
namespace {

constexpr double most_condition = 1e14;
constexpr double least_sigma = 1e-30;
constexpr double most_sigma = 1e30;

Eigen::VectorXd to_vector(std::span<const double> x) {
    return Eigen::Map<const Eigen::VectorXd>(x.data(), static_cast<Eigen::Index>(x.size()));
}

/// How long a foreign step may be, where a draw's is √n: "Injecting external solutions", table 1.
double longest_foreign(Eigen::Index dimensions) {
    const auto n = static_cast<double>(dimensions);
    return std::sqrt(n) + 2 * n / (n + 2);
}

}  // namespace

CmaEs::CmaEs(std::span<const double> mean, const Options& options)
    : constants_{mean.size(), options.population, options.covariance},
      shape_{options.covariance},
      mean_{to_vector(mean)},
      sigma_{options.sigma},
      first_sigma_{options.sigma},
      covariance_{Eigen::MatrixXd::Identity(mean_.size(), mean_.size())},
      axes_{covariance_},
      lengths_{Eigen::VectorXd::Ones(mean_.size())},
      path_sigma_{Eigen::VectorXd::Zero(mean_.size())},
      path_c_{path_sigma_} {}

std::vector<double> CmaEs::sample(RandomStream& random) const {
    Eigen::VectorXd z(mean_.size());
    std::ranges::generate(z, [&] { return random.normal(); });
    const Eigen::VectorXd x = mean_ + sigma_ * (axes_ * lengths_.cwiseProduct(z));
    return {x.begin(), x.end()};
}

void CmaEs::update(std::span<const CmaMember> ranked) {
    ++generation_;
    const CmaConstants& c = constants_;
    const Eigen::MatrixXd steps = steps_to(ranked);
    Eigen::VectorXd step = Eigen::VectorXd::Zero(mean_.size());
    for (std::size_t rank = 0; rank < c.mu; ++rank) {
        step += c.weights[rank] * steps.col(index(rank));
    }
    mean_ += sigma_ * step;

    path_sigma_ = (1 - c.c_sigma) * path_sigma_ + std::sqrt(c.c_sigma * (2 - c.c_sigma) * c.mu_eff) * whitened(step);
    const double length = path_sigma_.norm();
    const auto n = static_cast<double>(mean_.size());
    const double settled = 1 - std::pow(1 - c.c_sigma, 2 * (static_cast<double>(generation_) + 1));
    const bool stalled = length / std::sqrt(settled) >= (1.4 + 2 / (n + 1)) * c.chi;
    path_c_ *= 1 - c.c_c;
    if (!stalled) {
        path_c_ += std::sqrt(c.c_c * (2 - c.c_c) * c.mu_eff) * step;
    }
    adapt_covariance(steps, stalled);
    // At most a factor e a generation, as all implementations limit it.
    sigma_ *= std::exp(std::min(1.0, c.c_sigma / c.d_sigma * (length / c.chi - 1)));
    sigma_ = std::clamp(sigma_, least_sigma, most_sigma);
    if (generation_ - decomposed_ >= c.eigen_interval) {
        decompose();
    }
}

Eigen::MatrixXd CmaEs::steps_to(std::span<const CmaMember> ranked) const {
    Eigen::MatrixXd steps(mean_.size(), index(ranked.size()));
    for (std::size_t rank = 0; rank < ranked.size(); ++rank) {
        Eigen::VectorXd step = (to_vector(ranked[rank].x) - mean_) / sigma_;
        if (ranked[rank].foreign) {
            const double length = whitened(step).norm();
            step *= std::min(1.0, longest_foreign(mean_.size()) / std::max(length, least_sigma));
        }
        steps.col(index(rank)) = step;
    }
    return steps;
}

Eigen::VectorXd CmaEs::whitened(const Eigen::VectorXd& step) const {
    return axes_ * (axes_.transpose() * step).cwiseQuotient(lengths_);
}

void CmaEs::adapt_covariance(const Eigen::MatrixXd& steps, bool stalled) {
    const CmaConstants& c = constants_;
    const auto n = static_cast<double>(mean_.size());
    double sum = 0.0;
    Eigen::VectorXd scales(steps.cols());
    for (Eigen::Index rank = 0; rank < steps.cols(); ++rank) {
        const double weight = c.weights[static_cast<std::size_t>(rank)];
        sum += weight;
        // Equation 46: bad members pull variance out of their direction, by no more than a draw's length.
        scales[rank] = weight >= 0 ? weight : weight * n / (whitened(steps.col(rank)).squaredNorm() + 1e-8);
    }
    const double lost = stalled ? c.c_c * (2 - c.c_c) : 0.0;
    covariance_ *= 1 + c.c_1 * lost - c.c_1 - c.c_mu * sum;
    covariance_ += c.c_1 * path_c_ * path_c_.transpose();
    covariance_ += c.c_mu * steps * scales.asDiagonal() * steps.transpose();
}

void CmaEs::decompose() {
    decomposed_ = generation_;
    Eigen::VectorXd variances;
    if (shape_ == Covariance::diagonal) {
        variances = covariance_.diagonal();
    } else {
        const Eigen::MatrixXd symmetric = (covariance_ + covariance_.transpose()) / 2;
        const Eigen::SelfAdjointEigenSolver<Eigen::MatrixXd> solver{symmetric};
        axes_ = solver.eigenvectors();
        variances = solver.eigenvalues();
    }
    // Rounding may leave variances of nothing or less; the limit is where converged() gives up.
    variances = variances.cwiseMax(std::max(variances.maxCoeff(), least_sigma) / most_condition);
    lengths_ = variances.cwiseSqrt();
    covariance_ = axes_ * variances.asDiagonal() * axes_.transpose();
}

double CmaEs::deviation(std::size_t dimension) const {
    return sigma_ * std::sqrt(covariance_(index(dimension), index(dimension)));
}

bool CmaEs::converged() const {
    const double tolerance = 1e-12 * first_sigma_;
    const Eigen::VectorXd deviations = sigma_ * covariance_.diagonal().cwiseSqrt();
    const bool small = deviations.maxCoeff() < tolerance && sigma_ * path_c_.cwiseAbs().maxCoeff() < tolerance;
    const bool diverged = sigma_ * lengths_.maxCoeff() > 1e4 * first_sigma_;
    const double condition = lengths_.maxCoeff() / lengths_.minCoeff();
    const auto axis = static_cast<Eigen::Index>(generation_) % mean_.size();
    const Eigen::VectorXd along = mean_ + 0.1 * sigma_ * lengths_[axis] * axes_.col(axis);
    const bool no_coordinate = ((mean_ + 0.2 * deviations).array() == mean_.array()).any();
    return small || diverged || condition * condition >= 0.99 * most_condition || no_coordinate || along == mean_;
}

}  // namespace hpogrid::optimizers
