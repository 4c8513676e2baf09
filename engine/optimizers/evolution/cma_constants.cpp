#include "engine/optimizers/evolution/cma_constants.hpp"

#include <algorithm>
#include <cmath>

namespace hpogrid::optimizers {
namespace {

/// (Σw)² / Σw²
double effective(std::vector<double>::const_iterator begin, std::vector<double>::const_iterator end) {
    double sum = 0.0;
    double squares = 0.0;
    for (auto weight = begin; weight != end; ++weight) {
        sum += *weight;
        squares += *weight * *weight;
    }
    return squares > 0.0 ? sum * sum / squares : 0.0;
}

}  // namespace

CmaConstants::CmaConstants(std::size_t dimensions, std::size_t population, Covariance covariance) {
    const auto n = static_cast<double>(dimensions);
    const auto lambda = static_cast<double>(population);
    mu = std::max<std::size_t>(population / 2, 1);

    std::vector<double> raw(population);  // equation 49
    for (std::size_t rank = 0; rank < population; ++rank) {
        raw[rank] = std::log((lambda + 1.0) / 2.0) - std::log(static_cast<double>(rank) + 1.0);
    }
    if (population == 1) {
        raw[0] = 1.0;
    }
    const auto parents = raw.begin() + static_cast<std::ptrdiff_t>(mu);
    mu_eff = effective(raw.begin(), parents);
    const double mu_eff_negative = effective(parents, raw.end());

    c_1 = 2.0 / ((n + 1.3) * (n + 1.3) + mu_eff);                                                           // 57
    c_mu = std::min(1.0 - c_1, 2.0 * (0.25 + mu_eff + 1.0 / mu_eff - 2.0) / ((n + 2) * (n + 2) + mu_eff));  // 58
    if (covariance == Covariance::diagonal) {
        c_1 = std::min(1.0, c_1 * (n + 2) / 3);
        c_mu = std::min(1.0 - c_1, c_mu * (n + 2) / 3);
    }
    c_sigma = (mu_eff + 2) / (n + mu_eff + 5);                                         // 55
    d_sigma = 1 + 2 * std::max(0.0, std::sqrt((mu_eff - 1) / (n + 1)) - 1) + c_sigma;  // 55
    c_c = (4 + mu_eff / n) / (n + 4 + 2 * mu_eff / n);                                 // 56
    chi = std::sqrt(n) * (1 - 1 / (4 * n) + 1 / (21 * n * n));

    double positive = 0.0;
    double negative = 0.0;
    for (const double weight : raw) {
        (weight > 0 ? positive : negative) += std::abs(weight);
    }
    // Equations 50 to 53: the negative weights must leave the covariance positive definite.
    const double most_negative =
        c_mu > 0 ? std::min({1 + c_1 / c_mu, 1 + 2 * mu_eff_negative / (mu_eff + 2), (1 - c_1 - c_mu) / (n * c_mu)})
                 : 0.0;
    for (double& weight : raw) {
        weight *= weight > 0 ? 1 / positive : (negative > 0 ? most_negative / negative : 0.0);
    }
    weights = std::move(raw);
    const double changed = 10 * n * (c_1 + c_mu);
    eigen_interval = std::max<std::size_t>(1, static_cast<std::size_t>(1 / changed));
}

std::size_t CmaConstants::default_population(std::size_t dimensions) {
    return 4 + static_cast<std::size_t>(3 * std::log(static_cast<double>(std::max<std::size_t>(dimensions, 1))));
}

}  // namespace hpogrid::optimizers
